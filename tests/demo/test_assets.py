"""The street lights and grids of the demo borough."""

from datetime import date
from math import hypot, isclose

import pytest

from stockport.demo.reference import postcodes
from tests.demo.extracts import DAYS


@pytest.fixture(scope="session")
def assets(extract_of):
    return extract_of(DAYS[0], "highways").rows["assets"]


def test_there_are_a_few_thousand_lights_and_grids(assets):
    kinds = [row["kind"] for row in assets]
    assert 2500 < kinds.count("street_light") < 5000
    assert 800 < kinds.count("grid") < 2500
    assert 20 < kinds.count("lit_bollard") < kinds.count("lit_sign") < 400
    assert len({row["central_asset_id"] for row in assets}) == len(assets)


def test_plate_numbers_count_from_one_on_every_street(assets):
    plates: dict[tuple[str, str], list[int]] = {}
    for row in assets:
        if row["kind"] != "grid":
            plates.setdefault((row["kind"], row["site_code"]), []).append(int(row["feature_id"]))
        else:
            assert row["feature_id"] == ""
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in plates.values())
    assert all(len(code) == 8 and code.isdigit() for _kind, code in plates)


def test_both_coordinates_are_the_same_place_near_the_postcode(assets):
    places = {postcode.code: postcode for postcode in postcodes()}
    for row in assets:
        centre = places[row["postcode"]]
        east, north = int(row["easting"]) - centre.easting, int(row["northing"]) - centre.northing
        assert hypot(east, north) < 100
        assert isclose((float(row["latitude"]) - centre.latitude) * 111_270, north, abs_tol=0.2)
        assert isclose((float(row["longitude"]) - centre.longitude) * 66_480, east, abs_tol=0.2)


def test_register_says_whether_a_job_can_be_raised(assets):
    states = [row["raise_new_job"] for row in assets]
    assert states.count("1") / len(states) > 0.9
    for row in assets:
        assert bool(row["programme_date"]) == (row["raise_new_job"] == "2")
        assert bool(row["logged_date"]) == bool(row["ext_system_ref"])
        assert bool(row["logged_date"]) == (row["raise_new_job"] == "3")


def test_dates_of_lights_and_grids_fit_the_day(day, extract_of):
    for row in extract_of(day, "highways").rows["assets"]:
        assert not row["programme_date"] or date.fromisoformat(row["programme_date"]) > day
        assert not row["job_entry_date"] or date.fromisoformat(row["job_entry_date"]) < day
        if row["kind"] == "grid":
            assert date.fromisoformat(row["last_cleaned"]) < day
            assert date.fromisoformat(row["next_clean"]) >= day
