"""A light is chosen on the map with the keyboard alone, and by list where no script runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.stories.site import Site
from tests.journeys.stories.steps import answer, sign_in
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def open_map(visitor: Visitor, email: str) -> None:
    """Go to the map around a postcode where there are lights."""
    sign_in(visitor, email)
    visitor.visit("/street-reports/")
    visitor.start("Report a light or a grid")
    answer(visitor, "Street light")
    answer(visitor, "No")
    answer(visitor, "None of these")
    visitor.page.get_by_label("Where is the street light?").fill("SK4")
    visitor.press("Find it on a map")
    assert visitor.heading == "Choose it on the map or in the list"


def chosen(visitor: Visitor) -> str:
    """What is chosen in the list."""
    return visitor.page.locator("input[name=asset]:checked + label").inner_text()


def check(visitor: Visitor) -> str:
    """Answer the rest; the answers as the last page shows them."""
    visitor.press("Continue")
    answer(visitor, "It is not working")
    visitor.press("Continue")
    visitor.press("Continue")
    answer(visitor, "Yes")
    assert visitor.heading == "Check your answers"
    return visitor.page.locator(".govuk-summary-list").inner_text()


def test_light_is_chosen_on_the_map_with_the_keyboard(visitor: Visitor, site: Site) -> None:
    open_map(visitor, "single@example.org")
    status = visitor.page.locator("#map-status")
    marker = visitor.page.locator(".portal-map__asset:not(.portal-map__asset--done)").first
    marker.focus()
    visitor.page.keyboard.press("Enter")
    expect(status).to_have_text(re.compile("^You chose Street light"))
    name = chosen(visitor)
    assert name in status.inner_text()
    visitor.audit()
    assert name.partition(",")[0] in check(visitor)


def test_place_is_marked_at_the_cross_without_dragging(phone: Visitor, site: Site) -> None:
    open_map(phone, "single@example.org")
    status = phone.page.locator("#map-status")
    expect(phone.page.locator("#map-count")).to_have_text(re.compile("on this part of the map"))
    phone.page.get_by_role("button", name="Zoom out").click()
    phone.page.get_by_role("button", name="Mark the place at the cross").click()
    expect(status).to_have_text(re.compile("^You marked a place"))
    assert chosen(phone) == "It is not listed"
    phone.audit()
    phone.press("Continue")
    assert phone.heading == "Where it is"


def test_light_is_chosen_by_list_where_no_script_runs(plain: Visitor, site: Site) -> None:
    open_map(plain, "single@example.org")
    assert not plain.page.locator(".portal-map__frame").is_visible()
    plain.follow("200 metres further north")
    plain.follow("200 metres further south")
    plain.page.get_by_role("radio").first.check()
    name = chosen(plain)
    assert name.partition(",")[0].partition(". ")[2] in check(plain)
