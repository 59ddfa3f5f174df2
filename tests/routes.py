"""Every named address of the portal, as its URLconf has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

DUMMY = {
    "FormatConverter": "xml",
    "IntConverter": 1,
    "PathConverter": "a/b",
    "SlugConverter": "a",
    "StringConverter": "a",
    "UUIDConverter": "6f4b8e0e-8f6b-4c39-9b8e-7b0f4f9a3d11",
}


class Route(NamedTuple):
    """A named address: how to reverse it, and the view behind it."""

    name: str
    pattern: URLPattern
    converters: dict[str, object]

    @property
    def is_public(self) -> bool:
        return not getattr(self.pattern.callback, "login_required", True)

    def url(self) -> str:
        """The address, with a made-up value for each argument."""
        values = {
            key: DUMMY.get(type(converter).__name__, "accounts")
            for key, converter in self.converters.items()
        }
        positional = self.pattern.pattern.regex.groups - len(self.pattern.pattern.regex.groupindex)
        if positional:
            return reverse(self.name, args=["1"] * positional)
        return reverse(self.name, kwargs=values)


def walk(resolver: URLResolver, namespace: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry, inner)
        elif entry.name:
            named = dict.fromkeys(entry.pattern.regex.groupindex)
            yield Route(f"{namespace}{entry.name}", entry, named | entry.pattern.converters)


ROUTES = {route.name: route for route in walk(get_resolver())}
PRIVATE = [route for route in ROUTES.values() if not route.is_public]
# What staff do outside the admin (tests/street_reports/test_calls.py): not there for residents.
STAFF = [route for route in ROUTES.values() if route.name.startswith("street_reports:call")]
# The pages of residents: neither those of staff or of development, nor what machines call.
OTHERS = (
    *("admin:", "why_looking", "dev-"),
    *("webhooks:", "open311:", "policy_report", "street_reports:call"),
)
PORTAL = [route for route in ROUTES.values() if not route.name.startswith(OTHERS)]
