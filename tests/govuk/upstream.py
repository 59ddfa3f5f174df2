"""Upstream's own examples: options and the HTML they give, from the installed npm package."""

from __future__ import annotations

import inspect
import json
import tomllib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.utils.safestring import SafeString, mark_safe

from tests.page import text_of

HERE = Path(__file__).resolve().parent
COMPONENTS = (
    HERE.parent.parent / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
)
P = ParamSpec("P")
T = TypeVar("T")


class InexpressibleError(Exception):
    """Our tags and forms have no way to say this, on purpose."""


def strict(adapter: Callable[P, T]) -> Callable[P, T]:
    """An option that the adapter does not know makes the fixture inexpressible."""

    @wraps(adapter)
    def bound(*args: P.args, **options: P.kwargs) -> T:
        given = {name: value for name, value in options.items() if value is not None}
        try:
            inspect.signature(adapter).bind(*args, **given)
        except TypeError as error:
            raise InexpressibleError(str(error)) from None
        return adapter(*args, **given)  # type: ignore[arg-type]

    return bound


def require(condition: object, reason: str) -> None:
    """Refuse a combination of options that we never draw."""
    if not condition:
        raise InexpressibleError(reason)


@strict
def content(*, text: Any = "", html: str = "") -> str | SafeString:
    """A text as upstream's options give it."""
    return mark_safe(html.strip()) if html else str(text)  # noqa: S308


def fixtures(component: str) -> dict[str, dict[str, Any]]:
    """The fixtures of a component by name."""
    data = json.loads((COMPONENTS / component / "fixtures.json").read_text(encoding="utf-8"))
    return {fixture["name"]: fixture for fixture in data["fixtures"]}


def cases(adapters: dict[str, Any]) -> list[Any]:
    """Every fixture of every component, as test parameters."""
    return [
        pytest.param(component, name, id=f"{component}: {name}")
        for component in adapters
        for name in fixtures(component)
    ]


def prove(component: str, name: str, adapters: dict[str, Any]) -> None:
    """Our HTML is upstream's, or the fixture is listed with a reason and truly inexpressible."""
    fixture = fixtures(component)[name]
    listed = name in inexpressible(component)
    try:
        ours = adapters[component](**fixture["options"])
    except InexpressibleError as reason:
        assert listed, f"add it to inexpressible.toml: {reason}"
        return
    assert not listed, "it can be expressed: take it out of inexpressible.toml"
    both = f"ours:\n{pretty(ours)}\nupstream:\n{pretty(fixture['html'])}"
    assert dom(ours) == dom(fixture["html"]), both


@cache
def exceptions() -> dict[str, dict[str, list[str]]]:
    """By component and reason, the fixtures that our tags and forms cannot express."""
    return tomllib.loads((HERE / "inexpressible.toml").read_text(encoding="utf-8"))


def inexpressible(component: str) -> list[str]:
    """The listed fixtures of a component."""
    return [name for names in exceptions().get(component, {}).values() for name in names]


def dom(html: str) -> list[Any]:
    """HTML as nested lists that compare equal where a browser sees no difference."""
    fragment = html5lib.HTMLParser(namespaceHTMLElements=False).parseFragment(html)
    return _children(fragment)


def _children(element: Element) -> list[Any]:
    parts: list[Any] = [_collapsed(element.text)]
    for child in element:
        parts += [_element(child), _collapsed(child.tail)]
    return [part for part in parts if part]


def _element(element: Element) -> tuple[Any, ...]:
    attributes = {name: value for name, value in element.attrib.items() if name != "class"}
    classes = frozenset(element.get("class", "").split())
    # Spaces round hidden words matter: "Change name", not "Changename".
    hidden = any("visually-hidden" in child.get("class", "") for child in element)
    said = text_of(element) if hidden else ""
    return (element.tag, classes, attributes, said, _children(element))


def _collapsed(text: str | None) -> str:
    return " ".join((text or "").split())


def pretty(html: str) -> str:
    """HTML without blank lines, for a failure message."""
    return "\n".join(line for line in html.splitlines() if line.strip())
