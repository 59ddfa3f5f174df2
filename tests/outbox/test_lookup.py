"""“Not there” is said only of a list that is whole and shows references."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement

import pytest

from stockport.http import Answer
from stockport.outbox.connectors.lookup import Search, params
from stockport.outbox.workflow import State


def row(number, reference=""):
    element = Element("request")
    SubElement(element, "service_request_id").text = str(number)
    if reference:
        attribute = SubElement(SubElement(element, "attributes"), "attribute")
        SubElement(attribute, "code").text = "report_reference"
        SubElement(attribute, "value").text = reference
    return element


def search(*pages):
    """Look for SL-1 in a system that gives these pages, and nothing after them."""
    found = Search("SL-1")
    for page in (*pages, []):
        if found.add(page):
            break
    return found.outcome(Answer(200, {}, b""))


OTHERS = [row(number, f"SL-{number}") for number in range(100, 150)]
MORE = [row(number, f"SL-{number}") for number in range(150, 180)]


@pytest.mark.parametrize(
    ("pages", "state"),
    [
        ([[row(7, "SL-1")]], State.SENT),
        ([[row(7, "SL-10")]], State.RETRY),
        ([[]], State.RETRY),
        ([OTHERS, [row(7, "SL-1")]], State.SENT),
        ([OTHERS, MORE], State.RETRY),
        # The second page is the first again: the system knows no pages, and may have cut its list.
        ([OTHERS, OTHERS], State.DEAD),
        # The system does not show what it was told.
        ([[row(7)]], State.DEAD),
    ],
)
def test_report_is_found_missing_or_left_to_staff(pages, state):
    assert search(*pages).state == state


def test_report_that_is_found_has_the_reference_of_the_system():
    assert search([row(6, "SL-2"), row(7, "SL-1")]).remote_reference == "7"


def test_clocks_that_differ_do_not_hide_the_report():
    made = datetime(2026, 11, 23, 10, 2, tzinfo=UTC)
    query = params(made, made, 1)
    assert query["start_date"] == "2026-11-23T08:02:00Z"
    assert query["end_date"] == "2026-11-23T12:02:00Z"
