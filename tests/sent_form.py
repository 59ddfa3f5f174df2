"""A form as a page shows it, filled in as a resident would, and sent with whatever a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from django.db import transaction

from tests import cache
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD
from tests.page import HIDDEN_TYPES, Page

CONTROLS = ("input", "textarea", "select")
GOOD = {
    "code": "123456",
    "council_tax": "£1,745.93",
    "description": "Since Monday.",
    "email": "new@example.org",
    "language": "Urdu",
    "login": "nobody@example.org",
    "oldpassword": PASSWORD,
    "password": PASSWORD,
    "password1": "purple otter teapot",
    "phone": "01632 960001",
    "postcode": "SK3 8UD",
    "q": "Ashfield Road",
    "where": "By the bus stop",
}


@dataclass(frozen=True)
class SentForm:
    """One form of a page, and where it goes."""

    portal: PortalClient
    url: str
    element: Element

    @property
    def controls(self) -> list[Element]:
        """What can be filled in; the user name is there for password managers alone."""
        shown = (e for e in self.element.iter() if e.tag in CONTROLS and e.get("name"))
        shown = (control for control in shown if control.get("name") != "username")
        return [control for control in shown if control.get("type") not in HIDDEN_TYPES]

    @property
    def fields(self) -> dict[str, str]:
        """The type of each field, by name."""
        return {str(c.get("name")): c.get("type", c.tag) for c in self.controls}

    @property
    def data(self) -> dict[str, Any]:
        """Good answers: the first of a choice, a tick in a box, and the words above."""
        data = {str(e.get("name")): e.get("value", "") for e in self._buttons_and_hidden()}
        for control in self.controls:
            name = str(control.get("name"))
            options = control.get("type") in ("radio", "checkbox")
            answer = control.get("value", "on") if options else GOOD.get(name, "")
            data.setdefault(name, answer)
        return data

    def _buttons_and_hidden(self) -> list[Element]:
        named = [e for e in self.element.iter() if e.get("name")]
        buttons = [e for e in named if e.tag == "button"][:1]
        return buttons + [e for e in named if e.get("type") == "hidden"]

    def send(self, **changed: Any) -> Any:
        """The answer to the good answers with these changes."""
        return self.portal.post(self.url, {**self.data, **changed})


def forms_of(portal: PortalClient, url: str) -> list[SentForm]:
    """The forms in the content of a page; none where the address leads elsewhere or to a file."""
    answer = portal.get(url)
    if not hasattr(answer, "page"):
        b"".join(answer)
        return []
    page: Page = answer.page
    forms = page.select("main form[method=post]")
    return [SentForm(portal, form.get("action") or url, form) for form in forms]


@contextmanager
def undone(portal: PortalClient) -> Iterator[None]:
    """What happens inside has not happened afterwards: rows, session and limits."""
    cookies = portal.cookies.output(header="", sep=";")
    with transaction.atomic():
        cache.forget()
        yield
        transaction.set_rollback(True)
    portal.cookies.clear()
    portal.cookies.load(cookies)
