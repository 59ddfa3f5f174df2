"""The map: the same question as the list, its GeoJSON, and what it refuses."""

import json

import pytest

from street_reports.boxes import Box
from street_reports.models import Asset, Report
from tests.factories.street_reports import AssetFactory, ReportFactory

HERE = "-2.17,53.395,-2.15,53.405"
URL = "/street-reports/assets.geojson"


def ask(portal, **query):
    return portal.get(URL, {"kind": "street_light", "zoom": 17, "box": HERE} | query)


def by_map(form, q=""):
    form.fill(until="find")
    return form.post("find", q=q, way="map")


def test_each_light_of_a_box_is_a_feature_with_what_is_known_of_it(signed_in, light):
    ReportFactory(asset=light, description="Private words")
    AssetFactory(grid=True)
    AssetFactory(latitude=53.41)
    answer = ask(signed_in)
    assert answer["Content-Type"] == "application/geo+json"
    [feature] = answer.json()["features"]
    assert feature["id"] == str(light.pk)
    assert feature["geometry"] == {"type": "Point", "coordinates": [-2.16, 53.4]}
    assert feature["properties"]["plate"] == "014"
    assert "“It is not working” reported on" in feature["properties"]["hint"]


def test_map_says_nothing_about_any_resident(signed_in, light):
    report = ReportFactory(asset=light, description="Private words")
    text = ask(signed_in).content.decode()
    secrets = ("Private words", report.reference, str(report.public_id), report.resident.email)
    assert not [secret for secret in secrets if secret in text]


def test_light_that_needs_no_report_says_why(signed_in):
    AssetFactory(raise_new_job=2, programme_date="2026-12-01")
    [feature] = ask(signed_in).json()["features"]
    assert feature["properties"]["reportable"] is False
    assert "maintenance programme, planned for 1 December 2026" in feature["properties"]["hint"]


def test_far_out_lights_are_counted_in_cells(signed_in):
    AssetFactory.create_batch(3)
    AssetFactory(longitude=-2.151)
    features = ask(signed_in, zoom=16).json()["features"]
    assert [feature["properties"] for feature in features] == [{"number": 3}, {"number": 1}]
    longitude, latitude = features[0]["geometry"]["coordinates"]
    assert abs(longitude + 2.16) < 0.001 and abs(latitude - 53.4) < 0.001


def test_box_that_holds_too_many_says_so(signed_in, monkeypatch):
    monkeypatch.setattr("street_reports.geojson.MOST", 2)
    AssetFactory.create_batch(3)
    answer = ask(signed_in).json()
    assert (len(answer["features"]), answer["more"]) == (2, True)


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(("zoom", "queries"), [(14, 3), (17, 4)])
def test_box_takes_the_same_queries_for_any_number(
    signed_in, number, zoom, queries, django_assert_num_queries
):
    ReportFactory.create_batch(number)
    with django_assert_num_queries(queries):  # session, resident, assets, open reports
        assert ask(signed_in, zoom=zoom).json()["features"]


def test_browser_keeps_a_box_and_asks_only_whether_it_changed(signed_in, light):
    first = ask(signed_in)
    assert first["Cache-Control"] == "private, max-age=300"
    query = {"kind": "street_light", "zoom": 17, "box": HERE}
    again = signed_in.get(URL, query, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    AssetFactory()
    changed = signed_in.get(URL, query, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "bench"},
        {"kind": ""},
        {"zoom": "13"},
        {"zoom": "21"},
        {"zoom": "a"},
        {"zoom": "9" * 5000},
        {"box": ""},
        {"box": "1,2,3"},
        {"box": "nan,nan,nan,nan"},
        {"box": "inf,1,2,3"},
        {"box": "1e9,1,2,3"},
        {"box": "-2.15,53.395,-2.17,53.405"},
        {"box": "-2.17,53.405,-2.15,53.395"},
        {"box": "10,53.395,10.01,53.405"},
        {"box": "-9,49,2,61"},
        {"box": "-2.17,53.395,-2.15,53.405\n"},
        {"box": "-2.17,53.395,-2.15,53.405'; drop table"},
        {"box": "\x00"},
        {"box": "٢,٢,٢,٢"},
    ],
)
def test_query_that_is_no_box_is_refused(signed_in, query):
    answer = ask(signed_in, **query)
    assert answer.status_code == 400
    assert set(json.loads(answer.content)["errors"]) <= {"kind", "zoom", "box"}


def test_map_is_for_anybody_since_nobody_needs_an_account_to_report(portal):
    assert portal.get(URL).status_code == 400


def test_cells_are_as_wide_on_every_screen():
    assert Box(0, 0, 1, 1, 14).cell == pytest.approx(4 * Box(0, 0, 1, 1, 16).cell)


def test_resident_chooses_on_the_map_what_the_list_offers_too(form, light, settings):
    settings.MAP_CENTRE = (53.4, -2.16)
    assert by_map(form).url.endswith("/map/")
    page = form.get("map").page
    assert page.h1 == "Choose it on the map or in the list"
    assert "outside number 68" in page.text(".govuk-radios")
    form.post("map", asset=str(light.pk))
    form.post("fault")
    for step in ("details", "photo", "updates"):
        form.post(step)
    assert "outside number 68" in form.get("check").page.text(".govuk-summary-list")
    form.send()
    assert Report.objects.get().asset == light


def test_map_begins_at_what_was_searched_and_moves_without_a_script(form):
    AssetFactory(street="Buxton Road", latitude=53.41, location_description="Outside number 7")
    by_map(form, "Buxton Road")
    page = form.get("map").page
    assert page.select("[data-latitude]")[0].get("data-latitude") == "53.410000"
    assert "outside number 7" in page.text(".govuk-radios")
    links = {a.text: a.get("href") for a in page.select(".portal-map__moves a")}
    assert [text.split()[-1] for text in links] == ["north", "south", "east", "west"]
    moved = form.portal.get(f"{form.base}map/{links['200 metres further south']}").page
    assert moved.select("[data-latitude]")[0].get("data-latitude") == "53.408203"


def test_map_of_a_street_with_an_empty_middle_begins_at_a_light(form):
    for latitude in (53.41, 53.43):
        AssetFactory(street="Buxton Road", latitude=latitude)
    by_map(form, "Buxton Road")
    page = form.get("map").page
    assert page.select("[data-latitude]")[0].get("data-latitude") in ("53.410000", "53.430000")


@pytest.mark.parametrize("query", ["latitude=a", "latitude=nan&longitude=0", "latitude=53.4"])
def test_link_that_leads_nowhere_shows_where_the_map_begins(form, settings, query):
    by_map(form)
    page = form.portal.get(f"{form.base}map/?{query}").page
    assert page.select("[data-latitude]")[0].get("data-latitude") == "53.406200"


def test_place_marked_on_the_map_comes_along_with_its_description(form):
    by_map(form)
    answer = form.post("map", asset="not-listed", latitude="53.401", longitude="-2.161")
    assert answer.url.endswith("/place/")
    form.post("place")
    form.post("fault")
    for step in ("details", "photo", "updates"):
        form.post(step)
    form.send()
    report = Report.objects.get()
    assert (report.asset, report.latitude, report.longitude) == (None, 53.401, -2.161)
    assert report.location == "By the bus stop on Ashfield Road"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("51.5", "-0.12"),
        ("53.45", "-2.16"),
        ("-90", "0"),
        ("1e300", "1"),
        ("nan", "nan"),
        ("a", "b"),
        ("53.4", ""),
    ],
)
def test_place_outside_the_borough_cannot_be_marked(form, latitude, longitude):
    by_map(form)
    page = form.post("map", asset="not-listed", latitude=latitude, longitude=longitude).page
    assert page.errors == ["Mark a place inside the borough"]


@pytest.mark.parametrize(
    "answer",
    [{"asset": ""}, {"asset": "0"}, {"asset": "²"},
     {"asset": "", "latitude": "nan", "longitude": "a"}],
)  # fmt: skip
def test_mistake_on_the_map_is_explained(form, answer):
    by_map(form)
    errors = form.post("map", **answer).page.errors
    assert "Select a street light, or “It is not listed”" in errors


def test_light_of_another_kind_cannot_be_chosen_on_the_map(form):
    grid = AssetFactory(grid=True)
    by_map(form)
    assert form.post("map", asset=str(grid.pk)).page.errors


def test_only_the_map_may_ask_where_somebody_is(form):
    by_map(form)
    assert "geolocation=(self)" in form.get("map").headers["Permissions-Policy"]
    assert "geolocation=()" in form.get("find").headers["Permissions-Policy"]


def test_search_after_the_map_forgets_what_was_chosen_there(form, light):
    by_map(form)
    form.post("map", asset=str(light.pk))
    form.post("find", q="Ashfield Road")
    assert form.get("fault", follow=True).page.h1 == "Which street light is it?"


def test_map_page_asks_the_same_number_of_queries(form, django_assert_num_queries):
    by_map(form)
    ReportFactory.create_batch(5)
    with django_assert_num_queries(5):  # session, resident, draft, assets, open reports
        form.portal.get(f"{form.base}map/?latitude=53.4&longitude=-2.16")


def test_light_of_another_owner_that_is_chosen_on_the_map_goes_no_further(form, light):
    Asset.objects.filter(pk=light.pk).update(owner="national-highways")
    by_map(form)
    assert form.post("map", asset=str(light.pk)).url.endswith("/another-owner/")
    assert "National Highways" in form.get("another-owner").page.text("main")
