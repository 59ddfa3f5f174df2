"""What staff read about where a report is."""

import pytest

from street_reports.admin.place import MOST, place_of
from street_reports.models import Kind
from street_reports.workflow import Status
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import AssetFactory, ReportFactory
from tests.page import Page, text_of

HERE = {"latitude": 53.4, "longitude": -2.16}
METRE = 1 / 111_320  # of latitude, in degrees


def north(metres):
    return {"latitude": 53.4 + metres * METRE, "longitude": -2.16}


@pytest.fixture
def open_page(portal):
    portal.sign_in(ResidentFactory(staff=True))

    def opened(report):
        address = f"/admin/street_reports/report/{report.pk}/change/"
        return Page(portal.get(address).content.decode())

    return opened


def test_staff_read_all_that_a_crew_needs_to_find_it(open_page):
    asset = AssetFactory(feature_id="014", central_asset_id="A-77", site_code="38400123")
    page = open_page(ReportFactory(asset=asset, **HERE))
    rows = [text_of(row) for row in page.select("[aria-labelledby=place-heading] .form-row")]
    assert rows == [
        "Place:Outside number 12, Ashfield Road, SK3 8UD",
        "Latitude, longitude (WGS84):53.400000, -2.160000",
        "Easting, northing:389430, 389344",
        "USRN of the street:38400123",
        "Asset id:A-77",
        "Plate number:014",
    ]
    [link] = page.select("[aria-labelledby=place-heading] .form-row a")
    assert link.get("href") == f"/admin/street_reports/asset/{asset.pk}/change/"


def test_staff_read_what_is_not_known_of_a_place_in_words(open_page):
    page = open_page(ReportFactory(asset=None, location="By the bus stop"))
    rows = [text_of(row) for row in page.select("[aria-labelledby=place-heading] .form-row")]
    assert rows[0] == "Place:By the bus stop"
    assert rows[1:3] == ["Latitude, longitude (WGS84):Not known", "Easting, northing:Not known"]
    assert not page.select("[data-report-map]")
    assert not page.select("script[src*=report_map]")


def test_open_reports_of_any_kind_around_it_are_listed_nearest_first(open_page):
    report = ReportFactory(**HERE)
    ReportFactory(reference="far", **north(240))
    ReportFactory(reference="near", kind=Kind.GRID, **north(35))
    ReportFactory(reference="too-far", **north(252))
    ReportFactory(reference="fixed", status=Status.FIXED, **north(10))
    ReportFactory(reference="nowhere")
    items = open_page(report).select(".portal-report-map__list li")
    assert [text_of(item).split(":")[0] for item in items] == [
        "near, 35 metres",
        "far, 240 metres",
    ]


@pytest.mark.django_db
def test_of_many_around_it_the_nearest_are_listed():
    report = ReportFactory(**HERE)
    for number in range(MOST + 3):
        ReportFactory(**north(number))
    place = place_of(report)
    assert [each.metres for each in place.neighbours] == list(range(MOST))
    assert place.more == 3


def test_the_map_has_the_tiles_of_the_settings(open_page, settings):
    settings.MAP_TILES_URL = "https://tiles.example/{z}/{x}/{y}.png"
    settings.MAP_TILES_ATTRIBUTION = "© Example"
    [around] = open_page(ReportFactory(**HERE)).select("[data-report-map]")
    assert around.get("data-tiles") == settings.MAP_TILES_URL
    assert around.get("data-attribution") == "© Example"
    assert "hidden" in around.attrib
