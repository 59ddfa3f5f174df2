"""A page as a test sees it, and the rules that every page keeps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from xml.etree.ElementTree import Element

import cssselect2
import html5lib
from django.conf import settings

TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')
SOUND: set[int] = set()  # hashes of pages that keep every rule, but for the token of their forms
HIDDEN_TYPES = ("hidden", "submit", "button", "image", "reset")


def text_of(element: Element) -> str:
    """All the text of an element, spaces collapsed."""
    return " ".join("".join(element.itertext()).split())


@cache
def _tests(css: str) -> list[Callable[[cssselect2.ElementWrapper], bool]]:
    """What an element is asked, one test of which it has to pass."""
    selectors = cssselect2.compile_selector_list(css)
    assert not any(selector.pseudo_element for selector in selectors), css
    return [selector.test for selector in selectors]


class Page:
    """HTML that can be asked with CSS selectors."""

    def __init__(self, html: str, headers: Mapping[str, str] | None = None) -> None:
        self.html = html
        self.headers = headers or {}

    @cached_property
    def _parser(self) -> html5lib.HTMLParser:
        """A parser that has read the page."""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        parser.root = parser.parse(self.html)
        return parser

    @cached_property
    def _elements(self) -> list[cssselect2.ElementWrapper]:
        """Every element, in the order of the page: the walk is longer than any question."""
        root = cssselect2.ElementWrapper.from_html_root(self._parser.root)
        return list(root.iter_subtree())

    def select(self, css: str) -> list[Element]:
        """The elements that match, in the order of the page."""
        tests = _tests(css)
        return [
            element.etree_element
            for element in self._elements
            if any(test(element) for test in tests)
        ]

    def text(self, css: str) -> str:
        """The text of the one element that matches; fails on none or several."""
        found = self.select(css)
        assert len(found) == 1, f"{len(found)} elements match {css}"
        return text_of(found[0])

    @property
    def h1(self) -> str:
        """The heading."""
        return self.text("h1")

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return self.text("head title")

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        return [text_of(item) for item in self.select(".govuk-error-summary__list li")]

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id occurs."""
        return Counter(element.get("id", "") for element in self.select("[id]"))

    def check(self) -> None:
        """Every rule; AssertionError names those that are broken.

        A page that kept them before is not parsed again: hundreds of addresses are not found.
        """
        known = hash((TOKEN.sub("", self.html), *has_policy(self)))
        if known in SOUND:
            return
        broken = [fault for rule in RULES for fault in rule(self)]
        assert not broken, "The page breaks its rules:\n- " + "\n- ".join(broken)
        SOUND.add(known)


def parses(page: Page) -> Iterator[str]:
    """It is HTML5 without a single parse error."""
    for (line, column), code, data in page._parser.errors:
        yield f"HTML error at {line}:{column}: {code} {data}"


def one_heading(page: Page) -> Iterator[str]:
    """One h1, which the title repeats; the service and the council follow."""
    headings = [text_of(h1) for h1 in page.select("h1")]
    if len(headings) != 1:
        yield f"{len(headings)} h1: {headings}"
        return
    error = "Error: " if page.select(".govuk-error-summary, .govuk-error-message") else ""
    expected = f"{error}{headings[0]} - {settings.SERVICE_NAME} - {settings.COUNCIL_NAME}"
    if page.title != expected:
        yield f"title is {page.title!r}, not {expected!r}"


def labels(page: Page) -> Iterator[str]:
    """Every label belongs to a control and every control that shows has a name."""
    targets = {label.get("for", "") for label in page.select("label")}
    yield from (f"label for {target!r} leads nowhere" for target in targets - page.ids.keys())
    for control in page.select("input, select, textarea"):
        if control.get("type") in HIDDEN_TYPES:
            continue
        if control.get("id") not in targets and not control.get("aria-label"):
            yield f"control {control.get('name')!r} has no label"


def ids_resolve(page: Page) -> Iterator[str]:
    """Ids are unique, and what refers to one finds it."""
    yield from (
        f"id {name!r} occurs {count} times" for name, count in page.ids.items() if count > 1
    )
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
        for element in page.select(f"[{attribute}]"):
            for name in (element.get(attribute) or "").split():
                if name not in page.ids:
                    yield f"{attribute} {name!r} leads nowhere"
    for link in page.select('a[href^="#"]'):
        if (link.get("href") or "")[1:] not in page.ids:
            yield f"link {link.get('href')!r} leads nowhere"


def nothing_inline(page: Page) -> Iterator[str]:
    """No script, style or handler in the page itself: the content security policy forbids them."""
    for script in page.select("script"):
        if not (script.get("src") or "").startswith(settings.STATIC_URL):
            yield "script that is not one of our static files"
    yield from ("style element" for _ in page.select("style"))
    for element in page.select("*"):
        for name in element.attrib:
            if name == "style" or name.startswith("on"):
                yield f"{name} attribute on {element.tag}"


def classes(page: Page) -> Iterator[str]:
    """Text, links and lists of the content have a class: without one they have no style."""
    summary = page.select(".govuk-error-summary a")
    for element in page.select("main p, main a, main ul, main ol"):
        if not element.get("class") and element not in summary:
            yield f"{element.tag} without a class: {text_of(element)[:60]!r}"


def forms(page: Page) -> Iterator[str]:
    """A form says its method; one that posts carries the token and leaves checking to us."""
    for form in page.select("form"):
        method = (form.get("method") or "").lower()
        if method not in ("get", "post"):
            yield "form without a method"
        if method == "post":
            names = {field.get("name") for field in form.iter("input")}
            if "csrfmiddlewaretoken" not in names:
                yield "form that posts without a CSRF token"
            if "novalidate" not in form.attrib:
                yield "form that posts without novalidate"


def no_leftovers(page: Page) -> Iterator[str]:
    """No template syntax is left over, no markup is escaped, and the language is said."""
    marks = re.findall(r"\{\{|\{%|\{#|class=&quot;govuk", page.html)
    yield from (f"left over: {mark}" for mark in marks)
    if not all(root.get("lang") for root in page.select("html")):
        yield "html without lang"


def has_policy(page: Page) -> Iterator[str]:
    """The content security policy is sent."""
    if page.headers and "Content-Security-Policy" not in page.headers:
        yield "no Content-Security-Policy"


RULES = (
    parses,
    one_heading,
    labels,
    ids_resolve,
    nothing_inline,
    classes,
    forms,
    no_leftovers,
    has_policy,
)
