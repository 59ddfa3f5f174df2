"""What the search finds, and in which order."""

import pytest

from street_reports.models import Kind
from street_reports.rules import read_search
from street_reports.search import MOST, find_assets, find_streets
from tests.factories.street_reports import AssetFactory, ReportFactory

pytestmark = pytest.mark.django_db


def found(typed, kind=Kind.STREET_LIGHT):
    return [match.asset for match in find_assets(kind, read_search(typed)).matches]


@pytest.fixture
def lights():
    """Lights 2, 10 and 14 on Ashfield Road, and another 14 elsewhere."""
    return {
        2: AssetFactory(feature_id="002", location_description="Outside number 14"),
        10: AssetFactory(feature_id="010", location_description="Opposite number 40"),
        14: AssetFactory(feature_id="014", location_description="Outside number 68"),
        "other": AssetFactory(
            feature_id="14", street="Buxton Road", postcode="SK2 6LS", latitude=53.38
        ),
    }


@pytest.mark.parametrize(
    "typed",
    ["14 Ashfield Road", "14 ashfield rd", "lamp 014 ashfield", "14 Ashfield Road, SK3 8UD",
     "Ashfield Road 14", "14 Ashfield Road Edgeley", "14 sk38ud"],
)  # fmt: skip
def test_light_is_found_by_plate_and_street(lights, typed):
    assert found(typed) == [lights[14]]


def test_lights_of_a_street_come_in_the_order_of_their_numbers(lights):
    assert found("Ashfield Road") == [lights[2], lights[10], lights[14]]


def test_number_alone_finds_every_light_with_that_plate(lights):
    assert found("14") == [lights[14], lights["other"]]


def test_number_on_no_plate_may_be_a_house_and_comes_first(lights):
    result = find_assets(Kind.STREET_LIGHT, read_search("40 Ashfield Road"))
    assert result.missing
    assert [match.asset for match in result.matches] == [lights[10], lights[2], lights[14]]


def test_grid_is_found_by_street_nearest_house_first(lights):
    far = AssetFactory(grid=True, location_description="Outside number 2")
    near = AssetFactory(grid=True, location_description="Outside number 68")
    assert found("68 Ashfield Road", Kind.GRID) == [near, far]


def test_postcode_lists_the_nearest_first_with_distance():
    here = AssetFactory(latitude=53.4, longitude=-2.16)
    there = AssetFactory(latitude=53.401, longitude=-2.16, postcode="SK3 8UE")
    AssetFactory(latitude=53.41, longitude=-2.16, postcode="SK3 9AA")
    result = find_assets(Kind.STREET_LIGHT, read_search("SK3 8UD"))
    assert [(match.asset, match.metres) for match in result.matches] == [(here, 0), (there, 111)]


def test_postcode_without_assets_falls_back_on_its_sector():
    asset = AssetFactory(postcode="SK3 8UD")
    assert found("SK3 8ZZ") == [asset]
    assert found("SK9 9ZZ") == []


@pytest.mark.parametrize("typed", ["Xyzzy Road", "99", "zz1 1zz", "'; drop table"])
def test_nothing_is_found_where_nothing_is(lights, typed):
    assert found(typed) == []


def test_list_is_cut_and_says_so():
    AssetFactory.create_batch(MOST + 1)
    result = find_assets(Kind.STREET_LIGHT, read_search("Ashfield Road"))
    assert len(result.matches) == MOST
    assert result.more


def test_what_needs_no_report_is_apart_and_open_reports_are_known():
    programmed = AssetFactory(raise_new_job=2)
    report = ReportFactory()
    result = find_assets(Kind.STREET_LIGHT, read_search("Ashfield Road"))
    assert [match.asset for match in result.others] == [programmed]
    assert [match.open_reports for match in result.selectable] == [[report]]


@pytest.mark.parametrize("number", [1, 20])
def test_search_takes_the_same_queries_for_any_number_of_matches(number, django_assert_num_queries):
    for _ in range(number):
        ReportFactory()
    with django_assert_num_queries(4):  # streets, plates there, list, open reports
        assert find_assets(Kind.STREET_LIGHT, read_search("999 Ashfield Road")).matches


@pytest.mark.parametrize(
    ("typed", "street"),
    [("Ashfeild Road", "Ashfield Road"), ("14 ashfeild rd", "Ashfield Road"),
     ("Ashfield Raod", "Ashfield Road"), ("ash field road", "Ashfield Road"),
     ("Buxtn Rd Stockport", "Buxton Road"), ("Buxten Road", "Buxton Road")],
)  # fmt: skip
def test_misspelt_street_is_offered_and_never_taken_for_granted(lights, typed, street):
    search = read_search(typed)
    found = find_streets(Kind.STREET_LIGHT, search)
    assert found.misspelt
    assert found.names == [street]
    assert find_assets(Kind.STREET_LIGHT, search).matches == []
    assert find_assets(Kind.STREET_LIGHT, search, street).matches


def test_street_that_has_no_grids_is_not_offered_for_a_grid(lights):
    assert find_streets(Kind.GRID, read_search("Ashfeild Road")).names == []


@pytest.mark.parametrize(
    "typed", ["Ashfield Road", "14 Ashfield Road", "14", "Xyzzy Street", "sk38ud", "14 sk38ud"]
)
def test_search_that_leads_to_the_lights_asks_for_no_street(lights, typed):
    assert find_streets(Kind.STREET_LIGHT, read_search(typed)).matches == ()


def test_words_of_several_streets_ask_which_one():
    AssetFactory.create_batch(2, street="Mill Lane")
    AssetFactory(street="Mill Street", feature_id="14")
    AssetFactory(street="Old Mill Lane")
    streets = find_streets(Kind.STREET_LIGHT, read_search("mill"))
    assert [(s.name, s.number) for s in streets.matches] == [
        ("Mill Lane", 2), ("Mill Street", 1), ("Old Mill Lane", 1)
    ]  # fmt: skip
    assert find_streets(Kind.STREET_LIGHT, read_search("Mill Lane")).matches == ()
    assert find_streets(Kind.STREET_LIGHT, read_search("14 mill")).matches == ()
    assert [asset.street for asset in found("14 mill")] == ["Mill Street"]
    assert {asset.street for asset in found("Mill Lane")} == {"Mill Lane"}


def test_postcode_asks_for_the_street_nearest_first():
    AssetFactory.create_batch(2)
    AssetFactory(street="Buxton Road", latitude=53.401, postcode="SK2 6LS")
    AssetFactory(street="Far Lane", latitude=53.41, postcode="SK2 6LS")
    streets = find_streets(Kind.STREET_LIGHT, read_search("SK3 8UD"))
    assert [(s.name, s.number, s.metres) for s in streets.matches] == [
        ("Ashfield Road", 2, 0), ("Buxton Road", 1, 111)
    ]  # fmt: skip
    chosen = find_assets(Kind.STREET_LIGHT, read_search("SK3 8UD"), "Buxton Road")
    assert [match.metres for match in chosen.matches] == [111]


def test_last_report_is_known_also_when_it_was_dealt_with():
    old = ReportFactory(status="fixed")
    newer = ReportFactory(asset=old.asset, status="closed")
    [match] = find_assets(Kind.STREET_LIGHT, read_search("Ashfield Road")).matches
    assert match.last_reported == newer.created_at
    assert match.open_reports == []


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(
    ("typed", "queries"),
    [("Ashfeild Road", 2), ("Ashfield Road", 1), ("14 Ashfield Road", 1), ("SK3 8UD", 2)],
)
def test_streets_take_the_same_queries_for_any_number(
    typed, queries, number, django_assert_num_queries
):
    for index in range(number):
        AssetFactory(street=f"Ashfield Road {index}")
    with django_assert_num_queries(queries + (number > 1 and typed[:2] == "14")):
        find_streets(Kind.STREET_LIGHT, read_search(typed))
