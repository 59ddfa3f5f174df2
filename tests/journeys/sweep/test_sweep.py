"""Every page in every state is accessible and fits, on a desktop computer and at 320 pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django import Settings

from accounts.models import Resident
from tests.factories.accounts import ResidentFactory
from tests.journeys.conftest import DESKTOP
from tests.journeys.skeleton import Known
from tests.journeys.sweep.pages import Reader, Seen, route_of, walk
from tests.journeys.sweep.showing import Window, showing
from tests.journeys.sweep.states import STATES, home
from tests.routes import ROUTES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.stockport.faulty_urls"),
    pytest.mark.django_db,
]
PARTS = [(state, part) for state, each in STATES.items() for part in range(each.parts)]
PAGE = """<!doctype html><html lang="en"><title>A page</title>
<style>
  p { font-size: 16px; color: #000; background: #fff }
  @media (min-width: 1000px) { .wide { color: #eee } }
  @media (max-width: 400px) { .narrow { color: #eee } }
  .long { width: 500px }
  .cut { width: 30px; overflow: hidden }
</style>
<main><h1>A page</h1><p class="%s">Words</p></main></html>"""


@pytest.fixture
def window(browser: Browser, db: None, known: Known) -> Iterator[Window]:
    """A desktop computer's, with the script that has the admin's words."""
    words, staff = reverse("admin:jsi18n"), Reader()
    staff.sign_in(ResidentFactory.create(staff=True))
    with (
        showing({words: staff.get(words).content}) as show,
        browser.new_context(viewport=DESKTOP) as context,
    ):
        yield Window(context.new_page(), show, known)


@pytest.fixture
def setting(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Settings of the site; photos and e-mails are this test's."""
    settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = tmp_path / "media", tmp_path / "mail"
    return monkeypatch


@pytest.mark.parametrize(("state", "part"), PARTS)
def test_pages_are_accessible_and_fit(
    window: Window, resident: Resident, setting: pytest.MonkeyPatch, state: str, part: int
) -> None:
    # The menu of all records is the same on every page: to look at it once is enough.
    setting.setattr(admin.site, "enable_nav_sidebar", state == "staff, newcomer")
    looking, reader = STATES[state], Reader()
    addresses = looking.prepare(reader, resident)
    mine = addresses[part :: looking.parts]
    pages = list(walk(reader, mine, looking.ways))
    faults = [fault for page in pages for fault in window.faults(page)]
    assert not faults, "\n".join(faults)
    assert unlisted(state, addresses) | unseen(state, mine, pages) == set()


def unlisted(state: str, addresses: list[str]) -> set[str]:
    """The routes that are at home in the state, and that nobody looks at."""
    return {name for name in ROUTES if home(name) == state} - set(map(route_of, addresses))


def unseen(state: str, addresses: list[str], pages: list[Seen]) -> set[str]:
    """The routes that are at home in the state, and led elsewhere."""
    routes = {f"GET {each}": route_of(each) for each in addresses if home(route_of(each)) == state}
    shown = {page.how for page in pages if page.route == routes.get(page.how)}
    return {routes[how] for how in routes.keys() - shown}


def test_page_that_is_not_looked_at_or_leads_elsewhere_is_named() -> None:
    assert {"home:dashboard", "council_tax:bill"} <= unlisted("owner", [])
    assert unseen("owner", ["/dashboard/"], []) == {"home:dashboard"}


@pytest.mark.parametrize(
    ("kind", "complaints"),
    [
        ("fine", 0),
        ("wide", 1),
        ("narrow", 1),
        ("wide narrow", 1),
        ("long", 1),
        ("wide long", 2),
        ("cut", 1),
    ],
)
def test_sweep_sees_what_it_is_for(window: Window, kind: str, complaints: int) -> None:
    """The negative control: words too pale at one width only, cut off, and a page too wide."""
    page = Seen("GET /", "home:start", "/", (PAGE % kind).encode(), {"Content-Type": "text/html"})
    found = window.faults(page)
    assert len(found) == complaints, found
    assert window.faults(page) == []  # it is known now


def test_page_of_the_admin_is_looked_at_where_an_element_is_in_a_new_place(window: Window) -> None:
    def found(kinds: str) -> list[str]:
        html = "".join(PAGE % kind for kind in kinds.split())
        return window.faults(
            Seen("GET", "", "/admin/", html.encode(), {"Content-Type": "text/html"})
        )

    assert found("fine") == found("fine fine") == []
    assert len(found("fine narrow")) == 1
    assert found("narrow") == []
