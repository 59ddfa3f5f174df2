"""A real Chromium for whole stories: `visitor`, `phone` and `plain` (without JavaScript)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.skeleton import Known
from tests.journeys.visitor import FLAGS, Visitor, chromium
from tests.scheduling import turn

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

# Playwright's loop runs in this thread; Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
MISSING = "Browser tests need Chromium: install Debian's chromium, or set CHROMIUM to its path."


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order that is told in tests/scheduling.py."""
    items.sort(key=turn)


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Chromium, started once; without one the test is skipped, and in CI it fails."""
    path = chromium()
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    # None where no chosen test empties tables.
    migrated = getattr(connection, "_test_serialized_contents", None)
    with sync_playwright() as playwright:
        # Beside a running loop Django has another connection. It has to know what migrations
        # wrote, or it would not put it back after a test that emptied the tables.
        if migrated is not None:
            connection._test_serialized_contents = migrated
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
        connection.close()


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """The kinds of pages that were audited, by whichever worker."""
    folder = tmp_path_factory.getbasetemp()
    return Known((folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "audited")


@pytest.fixture
def address(django_db_serialized_rollback: None, live_server: LiveServer) -> str:
    """Where visitors go: a server on the test database; what migrations wrote is kept."""
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Browser, address: str, known: Known) -> Callable[..., Any]:
    """A visitor with a browser window of their own."""

    @contextmanager
    def opened(**options: Any) -> Iterator[Visitor]:
        scripts = options.get("java_script_enabled", True)
        with browser.new_context(locale="en-GB", timezone_id="Europe/London", **options) as context:
            context.set_default_timeout(10_000)
            visitor = Visitor(context.new_page(), address, known, scripts=scripts)
            yield visitor
            assert not visitor.faults, visitor.faults

    return opened


@pytest.fixture
def visitor(open_page: Callable[..., Any]) -> Iterator[Visitor]:
    """Somebody at a desktop computer."""
    with open_page(viewport=DESKTOP) as somebody:
        yield somebody


@pytest.fixture
def phone(open_page: Callable[..., Any]) -> Iterator[Visitor]:
    """Somebody with a phone."""
    with open_page(viewport=PHONE, is_mobile=True, has_touch=True) as somebody:
        yield somebody


@pytest.fixture
def plain(open_page: Callable[..., Any]) -> Iterator[Visitor]:
    """Somebody whose browser runs no scripts."""
    with open_page(viewport=DESKTOP, java_script_enabled=False) as somebody:
        yield somebody


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once why the browser tests were skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(MISSING)
