"""A light is reported, reaches the back office once, and is mended, whatever happens meanwhile."""

from __future__ import annotations

import pytest

from tests.journeys.stories.site import Site, wait_for
from tests.journeys.stories.steps import report_a_light, sign_in
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def happened(visitor: Visitor, path: str, words: str) -> None:
    """Look at a page again and again until it says so."""

    def says_so() -> bool:
        visitor.page.goto(visitor.site + path)
        return words in visitor.page.locator("main").inner_text()

    wait_for(says_so, f"“{words}”", lambda: visitor.page.locator("main").inner_text())
    visitor.audit()


def follow_report(visitor: Visitor) -> str:
    """Open the report's page; gives its path."""
    visitor.follow("Follow your report")
    return visitor.page.url.removeprefix(visitor.site)


def test_light_is_reported_and_mended(visitor: Visitor, site: Site) -> None:
    sign_in(visitor, "paidup@example.org")
    reference = report_a_light(visitor, "SK4")
    path = follow_report(visitor)
    happened(visitor, path, "Fixed")
    timeline = visitor.page.locator(".portal-timeline").inner_text()
    words = ("Received", "Sent to the", "Accepted by the", "Work is planned", "Fixed")
    assert [timeline.index(step) for step in words] == sorted(map(timeline.index, words))
    assert site.cases().count(reference) == 1


def test_report_made_while_the_back_office_is_down_arrives_once(plain: Visitor, site: Site) -> None:
    sign_in(plain, "single@example.org")
    site.stop_back_office()
    reference = report_a_light(plain, "SK5")
    path = follow_report(plain)
    happened(plain, path, "keep trying")
    site.start_back_office()
    happened(plain, path, "Fixed")
    assert site.cases().count(reference) == 1


def test_danger_stops_the_form(plain: Visitor, site: Site) -> None:
    sign_in(plain, "single@example.org")
    plain.visit("/street-reports/")
    plain.start("Report a light or a grid")
    plain.page.get_by_role("radio", name="Grid").check()
    plain.press("Continue")
    plain.page.get_by_role("radio", name="Yes").check()
    plain.press("Continue")
    assert plain.heading == "Contact us now, do not report this online"
    assert plain.page.get_by_role("button", name="Continue").count() == 0
