"""What tags do beyond upstream's markup: pages of a list, links in tables, the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from stockport.components import Cell
from tests.client import PortalClient
from tests.page import Page, text_of

if TYPE_CHECKING:
    from accounts.models import Resident


def drawn(source: str, **context: object) -> Page:
    return Page(Template("{% load govuk %}" + source).render(Context(context)))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, ["1", "2", "⋯", "10", "Next page"]),
        (5, ["Previous page", "1", "⋯", "4", "5", "6", "⋯", "10", "Next page"]),
        (10, ["Previous page", "1", "⋯", "9", "10"]),
    ],
)
def test_pages_near_the_present_one_can_be_reached(number: int, shown: list[str]) -> None:
    page = Paginator(range(100), 10).page(number)
    request = RequestFactory().get("/", {"year": "2026/27", "page": number})
    html = drawn("{% pagination page %}", page=page, request=request)
    parts = html.select(".govuk-pagination__prev, .govuk-pagination__item, .govuk-pagination__next")
    assert [text_of(part) for part in parts] == shown
    assert text_of(html.select("[aria-current=page]")[0]) == str(number)
    for link in html.select("a"):
        assert (link.get("href") or "").startswith("?year=2026%2F27&page=")


def test_one_page_needs_no_links() -> None:
    page = Paginator([1, 2], 10).page(1)
    assert not drawn("{% pagination page %}", page=page, request=RequestFactory().get("/")).select(
        "nav"
    )


def test_cell_can_be_a_link() -> None:
    html = drawn("{% table '' head rows %}", head=["Bill"], rows=[[Cell("2026/27", href="/bill/")]])
    assert html.text('td a[href="/bill/"]') == "2026/27"


def test_text_in_components_is_escaped() -> None:
    html = drawn("{% tag text %}{% button text %}{% panel text %}x{% endpanel %}", text="<i>x</i>")
    assert not html.select("i")


def test_navigation_marks_where_the_resident_is(portal: PortalClient, resident: Resident) -> None:
    portal.sign_in(resident)
    page = portal.get(reverse("accounts:index")).page
    assert page.text(".govuk-service-navigation__item--active") == "Account"
    assert page.text('.govuk-service-navigation button[type="submit"]') == "Sign out"


def test_visitor_is_offered_the_ways_in(portal: PortalClient) -> None:
    items = portal.get("/").page.select(".govuk-service-navigation__item")
    assert [text_of(item) for item in items] == ["Sign in", "Create an account"]


def test_news_is_a_banner_until_it_was_seen(portal: PortalClient, resident: Resident) -> None:
    portal.sign_in(resident)
    page = portal.post(reverse("account_logout"), follow=True).page
    assert page.text("main .govuk-notification-banner__heading") == "You have signed out."
    assert not portal.get("/").page.select(".govuk-notification-banner")
