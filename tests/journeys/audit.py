"""What is wrong with a page in a browser: what axe-core finds, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 at level AA, which the accessibility regulations ask for; target-size is off by default.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    # Not every rule of the style sheets: no rule that is asked for reads them.
    "preload": {"assets": ["media"]},
}
RUN = "options => axe.run(options).then((found) => found.violations)"
# Boxes that show a part of their words and cannot be scrolled, but for what only is read aloud.
CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter((box) => {
  if (box.clientWidth < 2 || box.scrollWidth <= box.clientWidth + 1 || !box.innerText?.trim()) {
    return false;
  }
  return ["hidden", "clip"].includes(getComputedStyle(box).overflowX);
}).map((box) => box.outerHTML.slice(0, 200))"""
# After two frames scripts have heard of the new width, and the menu of a phone is there or gone.
# Where scripts are switched off nothing has to hear of it, and no frame would be told of.
SETTLED = """matchMedia("(scripting: enabled)").matches
  && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"""
NARROW = {"width": 320, "height": 640}


def faults(page: Page) -> list[str]:
    """At the width that the page has, and at 320 pixels. The page has axe already."""
    found = seen(page)
    with narrow(page):
        found += seen(page)
    return list(dict.fromkeys(found))


def seen(page: Page) -> list[str]:
    """At the width that the page has."""
    return [*too_wide(page), *cut_off(page), *inaccessible(page)]


@contextmanager
def narrow(page: Page) -> Iterator[None]:
    """The width of a small phone, or of a desktop computer at 400% (WCAG 1.4.10)."""
    before = page.viewport_size
    resize(page, NARROW)
    yield
    if before:
        resize(page, before)


def resize(page: Page, size: ViewportSize) -> None:
    """Give the page another size, and wait until it has taken it."""
    page.set_viewport_size(size)
    page.evaluate(SETTLED)


def too_wide(page: Page) -> Iterator[str]:
    """Whether somebody has to scroll sideways."""
    width, screen = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size
    if screen and width > screen["width"]:
        yield f"{width} pixels wide on a screen of {screen['width']}"


def cut_off(page: Page) -> Iterator[str]:
    """Words of which nobody can see the end."""
    for box in page.evaluate(CUT_OFF):
        yield f"cut off: {box}"


def inaccessible(page: Page) -> Iterator[str]:
    """What axe finds at the width that the page has."""
    for violation in page.evaluate(RUN, OPTIONS):
        for node in violation["nodes"]:
            yield f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
