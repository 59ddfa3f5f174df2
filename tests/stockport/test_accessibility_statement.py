"""The accessibility statement has what its statutory model asks for.

Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018,
regulation 8, and the model of Commission Implementing Decision (EU) 2018/1523.
"""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from tests.client import PortalClient

ASKED = {
    "what it is about": f"This statement applies to {settings.SERVICE_NAME}",
    "commitment": "is committed to making My Account accessible, in accordance with",
    "compliance status": "is partially compliant with the Web Content Accessibility Guidelines",
    "version and level": "version 2.2 AA standard, due to the non-compliances and the exemption",
    "what does not comply": "Content that does not comply",
    "by which criteria": "This fails WCAG 2.2 success criteri",
    "what the regulations leave out": "Content that the accessibility regulations do not cover",
    "other formats": "large print, easy read, audio recording or braille",
    "telling of problems": "If you find a problem that is not on this page",
    "enforcement": "The Equality and Human Rights Commission (EHRC) enforces",
    "who advises": "Equality Advisory and Support Service (EASS)",
    "preparation": "This statement was prepared on",
    "review": "It was last reviewed on",
    "test": "was last tested on",
}


@pytest.mark.parametrize("part", ASKED)
def test_statement_has_each_part_of_the_model(portal: PortalClient, part: str) -> None:
    assert ASKED[part] in portal.get("/accessibility/").page.text("main")


def test_every_page_leads_to_the_statement(portal: PortalClient) -> None:
    [link] = portal.get("/").page.select("footer a[href='/accessibility/']")
    assert link.text == "Accessibility"


def test_statement_says_where_to_turn(portal: PortalClient) -> None:
    page = portal.get("/accessibility/").page
    links = [link.get("href") for link in page.select("main a")]
    assert links.count(settings.CONTACT_URL) == 2
    assert "https://www.equalityadvisoryservice.com/" in links


def test_dates_are_those_of_somebody_who_looked(portal: PortalClient) -> None:
    text = portal.get("/accessibility/").page.text("main")
    assert len(re.findall(r"on \d{1,2} [A-Z][a-z]+ 20\d\d", text)) == 3
