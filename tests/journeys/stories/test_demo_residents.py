"""Every resident of the demo borough sees what their story says, at a desk and on a phone."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from stockport.demo.residents import DEMO_RESIDENTS
from tests.journeys.stories.steps import sign_in
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
# What the resident must find on the dashboard or a page of council tax or benefits (patterns).
# The demo back office mends all reports but one, whose light flickers.
SEEN = {
    "paidup": ["Nothing to pay"],
    "missed": ["Late payments", "is late", "Next payment"],
    "credit": ["in credit"],
    "finalnotice": ["final notice", "arrangement"],
    "joint1": ["Who has to pay"],
    "joint2": ["Who has to pay"],
    "moved": ["Closed"],
    "single": ["Only one adult lives here"],
    "support": ["Council Tax Support", "Housing Benefit", "Next payment"],
    "suspended": ["on hold"],
    "overpayment": ["overpa"],
    "claimant": ["In payment", "Partner"],
    "partner": ["In payment", "Makes the claim"],
    "waiting": ["Being assessed", "within 14 days"],
    "papers": ["More needed", "Send it by"],
    "starts": ["Starts soon"],
    "ended": ["Ended", "by invoice"],
    "new": ["not linked"],
    "reports": [r"\b[1-3] open reports?\b", r"4 May \d{4} to 31 March \d{4}"],
}
RESIDENTS = [resident for resident in DEMO_RESIDENTS if not resident.staff]
ADDRESSES = "links => links.map(link => link.getAttribute('href') || '')"
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def test_every_demo_resident_has_a_story_here() -> None:
    assert [name(r.email) for r in RESIDENTS] == list(SEEN)


@pytest.mark.parametrize("email", [resident.email for resident in RESIDENTS], ids=lambda e: name(e))
def test_demo_resident_sees_their_story(email: str, visitor: Visitor) -> None:
    sign_in(visitor, email)
    text = "\n".join(look_around(visitor, name(email)))
    missing = [words for words in SEEN[name(email)] if not re.search(words, text, re.IGNORECASE)]
    assert missing == [], text


@pytest.mark.parametrize("email", ["finalnotice@example.org", "support@example.org"])
def test_pages_of_money_fit_a_phone(email: str, phone: Visitor) -> None:
    sign_in(phone, email)
    look_around(phone, f"{name(email)}-phone")


def test_discount_that_ended_says_what_a_day_costs_more(phone: Visitor) -> None:
    sign_in(phone, "reports@example.org")
    phone.visit("/council-tax/")
    phone.follow_first("main a[href^='/council-tax/50']")
    phone.follow_first("a[href*='/changes/']")
    said = phone.page.locator("main").inner_text()
    phone.follow_first(".portal-years a")  # in spring it is in the bill of the year before
    said += phone.page.locator("main").inner_text()
    assert re.search(r"discount ended on 3 May \d{4}: £\d\.\d\d a day more for 33[23] days", said)
    assert "It has been replaced" in said


def look_around(visitor: Visitor, who: str) -> list[str]:
    """What the dashboard says, and every page of council tax and benefits that links lead to."""
    paths, texts = ["/dashboard/", "/council-tax/", "/benefits/"], []
    for path in paths:
        texts.append(look_at(visitor, path, who))
        links = visitor.page.locator("main a").evaluate_all(ADDRESSES)
        paths += [link for link in dict.fromkeys(links) if is_page(link) and link not in paths]
    return texts


def is_page(link: str) -> bool:
    """A page of council tax or benefits; not each year, and not the second page of a list."""
    other_year_or_page = "?" in link and "/bill/" not in link
    own = re.match(r"/(council-tax|benefits)/", link)
    return bool(own) and not other_year_or_page and not link.endswith(".csv")


def look_at(visitor: Visitor, path: str, who: str) -> str:
    """Visit and audit a page; keep its picture where SCREENSHOTS names a folder."""
    visitor.visit(path)
    if SCREENSHOTS:
        picture = f"{who}{path.replace('/', '_')}.png"
        visitor.page.screenshot(path=Path(SCREENSHOTS) / picture, full_page=True)
    return visitor.page.locator("main").inner_text()


def name(email: str) -> str:
    return email.partition("@")[0]
