"""What people write, read as they mean it; distances; references."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockport.references import new_reference
from street_reports.rules import (
    METRES_PER_DEGREE,
    Point,
    mid_sentence,
    plate_number,
    postcode_in,
    read_search,
)

ROAD = ("road", "rd")


@pytest.mark.parametrize(
    ("typed", "postcode", "number", "words"),
    [
        ("14 Ashfield Road", "", "14", [("ashfield",), ROAD]),
        ("14 ashfield rd", "", "14", [("ashfield",), ROAD]),
        ("  014, ASHFIELD ROAD ", "", "14", [("ashfield",), ROAD]),
        ("lamp 014 ashfield", "", "14", [("ashfield",)]),
        ("Lamp 14 on Ashfield Road, outside 68", "", "14", [("ashfield",), ROAD]),
        ("street light LC004 Ashfield Road", "", "4", [("ashfield",), ROAD]),
        ("lamp post no. 7 Ashfield Road", "", "7", [("ashfield",), ROAD]),
        ("Ashfield Road", "", "", [("ashfield",), ROAD]),
        ("Ashfield Road Stockport", "", "", [("ashfield",), ROAD]),
        ("sk38ud", "SK3 8UD", "", []),
        ("Sk3 8uD", "SK3 8UD", "", []),
        ("14 Ashfield Road SK3 8UD", "SK3 8UD", "14", [("ashfield",), ROAD]),
        ("14", "", "14", []),
        ("St Mary's Way", "", "", [("street", "st", "str", "saint"), ("marys",), ("way", "wy")]),
        ("light oaks road", "", "", [("oaks",), ROAD]),
        ("", "", "", []),
        ("?!, .", "", "", []),
        ("000", "", "", []),
    ],
)
def test_search_is_read_as_people_mean_it(typed, postcode, number, words):
    search = read_search(typed)
    assert (search.postcode, search.number, list(search.words)) == (postcode, number, words)


@given(st.text(max_size=100))
def test_any_text_gives_words_that_are_safe_in_a_query(typed):
    search = read_search(typed)
    assert all(re.fullmatch("[a-z0-9]+", w) for spellings in search.words for w in spellings)
    assert re.fullmatch(r"\d*", search.number)


@pytest.mark.parametrize(
    ("plate", "number"), [("014", "14"), ("LC 0040", "40"), ("", ""), ("A", "")]
)
def test_plate_number_is_its_digits(plate, number):
    assert plate_number(plate) == number


@pytest.mark.parametrize(
    ("text", "postcode"),
    [("sk1 3xe", "SK1 3XE"), ("M60 2LA", "M60 2LA"), ("Stockport", ""), ("SK1", "")],
)
def test_postcode_is_found_with_or_without_a_space(text, postcode):
    assert postcode_in(text) == postcode


@given(st.floats(53.3, 53.5), st.floats(-2.3, -2.0), st.integers(0, 2000))
def test_distance_north_is_what_was_walked(latitude, longitude, metres):
    here = Point(latitude, longitude)
    there = Point(latitude + metres / METRES_PER_DEGREE, longitude)
    assert abs(here.metres_to(there) - metres) <= 1
    assert here.metres_to(there) == there.metres_to(here)


def test_distance_agrees_with_the_national_grid():
    """Two postcodes of Code-Point Open, 558 m and -118 m apart on the grid."""
    assert abs(Point(53.409801, -2.160472).metres_to(Point(53.408751, -2.152074)) - 570) <= 2


def test_reference_can_be_read_out_and_not_guessed():
    references = {new_reference("SL") for _ in range(1000)}
    assert len(references) == 1000
    pattern = re.compile(r"SL-[2-9B-DF-HJ-NP-RTV-Z]{4}-[2-9B-DF-HJ-NP-RTV-Z]{4}")
    assert all(pattern.fullmatch(reference) for reference in references)


@pytest.mark.parametrize(
    ("text", "inside"),
    [("Outside number 68", "outside number 68"), ("Mersey Square", "Mersey Square"), ("", "")],
)
def test_description_fits_into_a_sentence(text, inside):
    assert mid_sentence(text) == inside
