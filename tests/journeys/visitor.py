"""Somebody at a real browser, and what is checked on every page that they come to."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from django.conf import settings

from tests.client import PortalClient
from tests.journeys.audit import AXE, faults, narrow, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

    from accounts.models import Resident
    from tests.journeys.skeleton import Known

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]


def chromium() -> str | None:
    """Where Chromium is: what CHROMIUM names, or the one on the PATH. It is never downloaded."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class Visitor:
    """Goes from page to page; each is audited for width and faults, and each kind with axe."""

    def __init__(self, page: Page, site: str, known: Known, *, scripts: bool = True) -> None:
        self.page, self.site, self.known, self.scripts = page, site, known, scripts
        self.faults: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        page.on("request", self._asked)

    def visit(self, path: str) -> None:
        """Open a page of the portal."""
        self.page.goto(self.site + path)
        self.audit()

    def follow(self, text: str) -> None:
        """Click the link with these words and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=text, exact=True).click()
        self.audit()

    def start(self, text: str) -> None:
        """Click the link that looks like a button and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator("a.govuk-button", has_text=text).click()
        self.audit()

    def follow_first(self, selector: str) -> None:
        """Click the first of these links and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.audit()

    def press(self, text: str) -> None:
        """Click the button with these words and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=text, exact=True).click()
        self.audit()

    def fill(self, label: str, text: str) -> None:
        """Write in the box with this label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str) -> None:
        """Select the radio or checkbox with this label."""
        self.page.get_by_label(label, exact=True).check()

    @property
    def heading(self) -> str:
        """The h1."""
        return " ".join(self.page.locator("h1").inner_text().split())

    def sign_in(self, resident: Resident) -> None:
        """Sign in without the form."""
        client = PortalClient()
        client.sign_in(resident)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.site}
        self.page.context.add_cookies([cookie])

    def audit(self) -> None:
        """AssertionError where this page breaks a rule."""
        # axe sets style attributes, which the policy reports: listen first, inject afterwards.
        found, self.faults = self.faults, []
        if self.scripts and self.known.add(self.page.content()):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found += faults(self.page)
            self.faults.clear()
        else:
            with narrow(self.page):
                found += too_wide(self.page)
        assert not found, f"{self.page.url}:\n- " + "\n- ".join(found)

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that answers 404 says so in the console; that is no fault of the page.
        own_status = message.location.get("url") == self.page.url and "status of" in message.text
        if message.type in ("error", "warning") and not own_status:
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.faults.append(f"asked another host: {request.url}")
