"""Accounts that are out of the ordinary, and the estimate, read in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Person, Resident
from council_tax.models import Account
from stockport.demo.borough import SEED, write_revenues
from stockport.demo.households import Household, household
from stockport.demo.plans import Pays, Plan, Relief
from stockport.feeds.loader import load
from tests.factories.accounts import PersonLinkFactory
from tests.journeys.audit import NARROW, resize
from tests.journeys.conftest import DESKTOP
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
# What is out of the ordinary, and what its account or its bill must say.
PLANS = {
    "students": (
        Plan(relief=Relief.STUDENTS),
        ["You are charged nothing", "Exemption (Everyone here"],
    ),
    "nobody counts": (
        Plan(relief=Relief.DISREGARDED),
        ["50% discount (Every adult here is disregarded)"],
    ),
    "disabled": (Plan(relief=Relief.DISABLED), ["disabled band reduction"]),
    "empty": (Plan(relief=Relief.EMPTY), ["Premium (Empty for more than a year)"]),
    "care leaver": (Plan(relief=Relief.CARE_LEAVER), ["Local help for care leavers"]),
    "breathing space": (
        Plan(Pays.MISSED_ONE, method="card", instalments=12, hold="breathing_space"),
        ["You are in breathing space", "was not paid when it was due"],
    ),
    "liability order": (
        Plan(Pays.NOT_LAST_YEAR, method="card"),
        ["The court has made a liability order", "free help with debt"],
    ),
}
FIRST = 200  # a household that is nobody else's


def homes() -> Iterator[Household]:
    for number, (plan, _) in enumerate(PLANS.values(), start=FIRST):
        yield replace(household(SEED, number), plan=plan, left=None, second=None)


def see_all(visitor: Visitor, resident: Resident, folder: Path) -> Visitor:
    """Somebody who may see all of these accounts."""
    load(write_revenues(folder, timezone.localdate(), homes=list(homes())))
    for person in Person.objects.all():
        PersonLinkFactory.create(resident=resident, person=person)
    visitor.sign_in(resident)
    return visitor


@pytest.fixture
def reader(visitor: Visitor, resident: Resident, tmp_path: Path) -> Visitor:
    """With scripts."""
    return see_all(visitor, resident, tmp_path)


@pytest.fixture
def plain_reader(plain: Visitor, resident: Resident, tmp_path: Path) -> Visitor:
    """Without."""
    return see_all(plain, resident, tmp_path)


def test_unusual_accounts_and_their_bills_say_what_they_are(reader: Visitor) -> None:
    # Every other account on a narrow screen, where the pages are audited as well.
    sizes = cycle((NARROW, DESKTOP))
    for home, (_, said) in zip(homes(), PLANS.values(), strict=True):
        resize(reader.page, next(sizes))
        account = Account.objects.get(reference=home.account_reference())
        reader.visit(account.get_absolute_url())
        text = reader.page.locator("main").inner_text()
        reader.visit(f"{account.get_absolute_url()}bill/")
        text += reader.page.locator("main").inner_text()
        assert [words for words in said if words not in text] == []


def test_other_instalments_are_asked_for_on_a_narrow_screen_without_scripts(
    plain_reader: Visitor,
) -> None:
    resize(plain_reader.page, NARROW)
    (home,) = (each for each in homes() if each.plan.relief is Relief.DISABLED)
    plain_reader.visit("/council-tax/ask/")
    plain_reader.page.get_by_label(f"account {home.account_reference()}").check()
    plain_reader.press("Continue")
    plain_reader.choose("Pay in 10 or 12 instalments, or on another day")
    plain_reader.press("Continue")
    plain_reader.choose("12, from April to March")
    plain_reader.press("Continue")
    plain_reader.choose("Day 25")
    plain_reader.press("Continue")
    assert plain_reader.heading == "Check your answers"
    assert "When it would start" in plain_reader.page.locator("main").inner_text()
    plain_reader.press("Confirm and send")
    assert plain_reader.heading.startswith("Request CT-")


def test_what_a_move_would_change_is_estimated_on_a_narrow_screen(reader: Visitor) -> None:
    resize(reader.page, NARROW)
    reader.visit("/council-tax/estimate/")
    reader.press("Estimate")
    assert reader.page.locator(".govuk-error-summary").is_visible()
    reader.choose("Yes, into the borough")
    for part, number in zip(("Day", "Month", "Year"), day_of_move(), strict=True):
        reader.page.get_by_role("group", name="If you are moving").get_by_label(part).fill(number)
    reader.page.get_by_role("group", name="Which band is your home in?").get_by_label("D").check()
    reader.choose("None, but the home is not exempt")
    reader.page.get_by_role("group", name="Is there a disabled band").get_by_label("No").check()
    reader.choose("12, from April to March")
    reader.press("Estimate")
    text = reader.page.locator("main").inner_text()
    assert "discount (50%)" in text


def day_of_move() -> tuple[str, str, str]:
    """1 March of the running tax year."""
    today = timezone.localdate()
    year = today.year + (today >= date(today.year, 4, 1))
    return "1", "3", str(year)
