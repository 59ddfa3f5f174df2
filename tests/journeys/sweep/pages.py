"""Pages as somebody is shown them, and the answers to their forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import Resolver404, resolve

from tests.client import EXEMPT, PortalClient
from tests.page import Page
from tests.sent_form import SentForm, undone

FORMS = "main form[method=post], #content form[method=post]:has(.default)"  # in the admin: saves
FILLED_IN = (b"<main", b'class="default"', b'name="action"')  # to read the others takes long
CHOICES = ("radio", "checkbox", "select", "file")
WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch "
WAYS = {
    "empty": lambda fields: dict.fromkeys(fields, ""),
    "wrong": lambda fields: {n: WORD * 40 for n, kind in fields.items() if kind not in CHOICES},
    "astray": lambda fields: {n: "" if k in CHOICES else WORD * 40 for n, k in fields.items()},
    "well": lambda fields: {},
}

RESIDENTS_WAYS = ("empty", "wrong", "well")


class Reader(PortalClient):
    """Reads without the checks of every page: other tests make them."""

    request = Client.request


@dataclass(frozen=True)
class Seen:
    """A page as somebody was shown it: how they came to it, its route, and where it is."""

    how: str
    route: str
    path: str
    content: bytes
    headers: Mapping[str, str]

    @property
    def is_admin(self) -> bool:
        """Whether Django's admin made it."""
        return self.path.startswith(EXEMPT)


def seen(how: str, answer: Any) -> list[Seen]:
    """What a browser would show of the answer: one page, or none where it is a file."""
    content = b"".join(answer)
    if not answer.headers.get("Content-Type", "").startswith("text/html") or not content:
        return []
    path = answer.request["PATH_INFO"]
    return [Seen(how, route_of(path), path, content, answer.headers)]


def route_of(address: str) -> str:
    """The name of the route, whatever is asked of it; empty where there is none."""
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return ""


def walk(reader: Reader, addresses: Iterable[str], ways: Iterable[str]) -> Iterator[Seen]:
    """Each page, and the answers to its forms when they are filled in in each of these ways."""
    for address in addresses:
        for page in seen(f"GET {address}", reader.get(address, follow=True)):
            yield page
            if ways and any(mark in page.content for mark in FILLED_IN):
                yield from answers(reader, page, ways)


def answers(reader: Reader, page: Seen, ways: Iterable[str]) -> Iterator[Seen]:
    """What comes of each form of the page, and of each action on the first row of a list."""
    html = Page(page.content.decode())
    for element in html.select(FORMS):
        form = SentForm(reader, element.get("action") or page.path, element)
        for way in ways:
            yield from sent(f"{form.url} sent {way}", form, WAYS[way](form.fields))
    for element in html.select("#changelist-form:has([name=_selected_action])"):
        form = SentForm(reader, page.path, element)
        for option in html.select("[name=action] option:not([value=''])"):
            act = option.get("value")
            yield from sent(f"{page.path} action {act}", form, {"action": act})


def sent(how: str, form: SentForm, changed: Mapping[str, Any]) -> list[Seen]:
    """The answer to a form that is filled in well but for these changes."""
    with undone(form.portal):
        answer = form.send(**changed)
        if answer.status_code == 302 and answer.url.startswith("/"):
            answer = form.portal.get(answer.url, follow=True)
        return seen(how, answer)
