"""Linking a record in a real browser: each way, each wrong turn, and how a link ends."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.linking.claim import Claim
from accounts.models import LinkRequest, Person, PersonLink, Resident
from council_tax.models import Account
from stockport.outbox.connectors.email import message
from stockport.outbox.models import Delivery
from tests.accounts.linking import (
    JOURNEY,
    WRONG,
    claim_of,
    make_account,
    make_person,
    tried,
)
from tests.accounts.mail import mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.factories.council_tax import AccountFactory, LiabilityFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
NO_MATCH = "We could not match your answers"
BY_KEY, BY_FACTS = "With the online key from a bill", "With two facts about you"
BY_POST, BY_PIN = "Ask for a PIN by post", "Enter a PIN that came by post"
BY_STAFF = "Ask our staff to look at it"


def seen(visitor: Visitor, name: str) -> None:
    """Keep a picture of the page where one is asked for."""
    if SCREENSHOTS:
        visitor.page.screenshot(path=Path(SCREENSHOTS) / f"linking-{name}.png", full_page=True)


def text(visitor: Visitor) -> str:
    return visitor.page.locator("main").inner_text()


def newcomer(visitor: Visitor) -> Resident:
    """Somebody with an account that is linked to nothing, signed in."""
    resident = ResidentFactory.create()
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    visitor.sign_in(resident)
    return resident


def go_on(visitor: Visitor, *typed: tuple[str, str]) -> None:
    for label, words in typed:
        visitor.fill(label, words)
    visitor.press("Continue")


def choose(visitor: Visitor, label: str) -> None:
    visitor.page.get_by_role("radio", name=label, exact=True).check()
    visitor.press("Continue")


def tell_whose(visitor: Visitor, claim: Claim) -> None:
    """From the account page to the question how to prove it."""
    visitor.visit(reverse("accounts:index"))
    visitor.follow("Link a council record")
    choose(visitor, "Council tax")
    go_on(visitor, ("What is your council tax account number?", claim.reference))
    name = (("First name or initial", claim.forenames), ("Last name", claim.surname))
    go_on(visitor, *name, ("Postcode", claim.postcode))


def ready(visitor: Visitor, claim: Claim, way: str = "key") -> Resident:
    """A newcomer who has told whose record it is, and the key: the page that comes next."""
    resident, client = newcomer(visitor), PortalClient()
    for cookie in visitor.page.context.cookies():
        client.cookies[cookie["name"]] = cookie["value"]
    typed = {**asdict(claim), "way": way, "online_key": "7K4P-2WQX"}
    for slug in ("service", "number", "name", "way", *(["key"] if way == "key" else [])):
        client.post(reverse("accounts:link_step", args=[JOURNEY, slug]), typed)
    client.give_password()
    visitor.visit(reverse("accounts:link_check", args=[JOURNEY]))
    return resident


def test_resident_links_by_key_after_wrong_turns_and_removes_the_record(visitor: Visitor) -> None:
    person = make_person()
    account, claim = make_account(person), claim_of(person)
    resident = newcomer(visitor)
    visitor.visit(reverse("accounts:index"))
    visitor.follow("Link a council record")
    visitor.press("Continue")
    assert "Select what your bill or letter is about" in text(visitor)
    tell_whose(visitor, claim)
    seen(visitor, "ways")
    for way in (BY_FACTS, BY_PIN):
        choose(visitor, way)
        visitor.follow("Back")
    choose(visitor, BY_KEY)
    go_on(visitor, ("What is your online key?", "0000-0000"))
    seen(visitor, "password-first")
    go_on(visitor, ("Password", PASSWORD))
    visitor.press("Continue")
    assert (visitor.heading, "4 tries" in text(visitor)) == (NO_MATCH, True)
    seen(visitor, "no-match")
    visitor.follow("Check my answers and try again")
    visitor.follow("Change what is your online key?")
    go_on(visitor, ("What is your online key?", "7k4p 2wqx"))
    visitor.press("Continue")
    assert visitor.heading == "Your account is linked"
    seen(visitor, "done")
    visitor.visit(reverse("council_tax:account", args=[account.reference]))
    visitor.visit(reverse("accounts:index"))
    visitor.follow(f"Remove {person.reference} from my account")
    visitor.press("Remove the record")
    assert "Tick the box if you want to remove it" in text(visitor)
    visitor.choose("Yes, remove this record from my account")
    visitor.press("Remove the record")
    assert "no longer linked" in text(visitor)
    assert not PersonLink.objects.for_resident(resident).active().exists()
    visitor.visit(reverse("accounts:link_asked"))
    visitor.visit("/dev/post/")
    visitor.follow_first("tbody a")
    assert "Online key" in text(visitor)


def test_household_the_one_before_it_and_a_guesser_see_what_is_theirs(visitor: Visitor) -> None:
    """The joint owner, the previous occupier, and somebody who tries until no try is left."""
    ada, bo = make_person(), make_person(forenames="Bo")
    old = make_person(surname="Oldham", postcode="SK4 2BB")
    account = make_account(ada)
    LiabilityFactory.create(account=account, person=bo, role="joint")
    left = AccountFactory.create(
        reference="5020000002", property=account.property, status="closed", closed="2026-03-31"
    )
    LiabilityFactory.create(account=left, person=old)
    first, second = (linked(visitor, claim_of(person)) for person in (ada, bo))
    assert [Person.objects.for_resident(one).get() for one in (first, second)] == [ada, bo]
    # Whoever lived there before finds the home as it was theirs, by either postcode.
    there = claim_of(old, left.reference)
    former = linked(visitor, replace(there, postcode=account.property.postcode))
    assert list(Account.objects.for_resident(former)) == [left]
    for reference in (left.reference, account.reference):
        visitor.page.goto(visitor.site + reverse("council_tax:account", args=[reference]))
        assert ("Page not found" in visitor.heading) == (reference == account.reference)
    wrong = replace(claim_of(ada), reference=left.reference)
    guesser = ready(visitor, wrong)
    assert not any(tried(guesser, wrong, WRONG) for _ in range(3))
    visitor.press("Continue")
    assert "1 try left today" in text(visitor)
    visitor.follow("Check my answers and try again")
    visitor.press("Continue")
    assert "You have no tries left today" in text(visitor)
    seen(visitor, "no-tries")
    visitor.follow("change how you prove it")
    visitor.follow("Change how do you want to prove that it is yours?")
    choose(visitor, BY_STAFF)
    go_on(visitor, ("What should our staff know? (optional)", "We moved in May."))
    visitor.press("Continue")
    assert "Waiting for staff" in text(visitor)


def test_two_who_prove_one_record_at_once_are_both_linked_and_one_is_told(
    visitor: Visitor, phone: Visitor
) -> None:
    person = make_person()
    make_account(person)
    both = {each: ready(each, claim_of(person)) for each in (visitor, phone)}
    for each in both:
        each.page.get_by_role("button", name="Continue").click(no_wait_after=True)
    for each in both:
        each.page.wait_for_url("**" + reverse("accounts:link_done"))
        assert each.heading == "Your account is linked"
    for resident in both.values():
        assert Person.objects.for_resident(resident).get() == person
    told = [mail for resident in both.values() for mail in mails_to(resident.email)]
    assert [mail["subject"] for mail in told] == ["Somebody else can now see your council records"]


def test_resident_without_scripts_links_by_facts_and_by_a_pin_from_the_post(
    plain: Visitor, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    person = make_person(forenames="Seán", surname="O’Neill-McDonald")
    make_account(person)
    claim = replace(claim_of(person), forenames="sean", surname="oneill macdonald")
    newcomer(plain)
    tell_whose(plain, claim)
    choose(plain, BY_FACTS)
    go_on(plain, ("Last 3 digits of your phone number", "042"))
    assert "Answer two of the four questions" in text(plain)
    seen(plain, "facts")
    go_on(plain, ("Day", "17"), ("Month", "5"), ("Year", "1981"))
    go_on(plain, ("Password", PASSWORD))
    plain.press("Continue")
    assert plain.heading == NO_MATCH
    plain.follow("Check my answers and try again")
    plain.follow("Change date of birth")
    go_on(plain, ("Year", "1980"))
    plain.press("Continue")
    assert plain.heading == "Your account is linked"
    # Somebody of the same name who lives there too has a letter sent.
    neighbour = newcomer(plain)
    tell_whose(plain, claim)
    choose(plain, BY_POST)
    go_on(plain, ("Password", PASSWORD))
    plain.press("Continue")
    assert plain.heading == "We will post you a PIN if your answers are right"
    message(Delivery.objects.get(kind="letter")).send()
    plain.visit("/dev/post/")
    seen(plain, "post")
    plain.follow("Ms Seán O’Neill-McDonald")
    seen(plain, "letter")
    pin = text(plain).partition("Your PIN: ")[2][:8]
    tell_whose(plain, claim)
    choose(plain, BY_PIN)
    go_on(plain, ("What is the PIN in the letter?", pin[::-1] + "0"))
    plain.press("Continue")
    assert plain.heading == NO_MATCH
    plain.follow("Check my answers and try again")
    plain.follow("Change what is the pin in the letter?")
    go_on(plain, ("What is the PIN in the letter?", f"{pin[:4]} {pin[4:]}"))
    plain.press("Continue")
    assert plain.heading == "Your account is linked"
    assert PersonLink.objects.for_resident(neighbour).get().method == "letter_code"


def test_staff_link_a_wrong_name_refuse_a_new_build_and_revoke(
    visitor: Visitor, phone: Visitor
) -> None:
    person = make_person(surname="Shore")
    make_account(person)
    married = ready(phone, replace(claim_of(person), surname="Shaw"), way="staff")
    go_on(phone, ("What should our staff know? (optional)", "I married in May."))
    phone.press("Continue")
    new = newcomer(phone)
    phone.visit(reverse("accounts:link"))
    choose(phone, "Council tax")
    phone.press("Continue")  # no bill yet
    name = (("First name or initial", "Cy"), ("Last name", "Newman"), ("Postcode", "SK1 3XE"))
    go_on(phone, *name)
    go_on(phone, ("What should our staff know? (optional)", "Plot 4 of the new homes."))
    go_on(phone, ("Password", PASSWORD))
    seen(phone, "check")
    phone.press("Continue")
    assert "Waiting for staff" in text(phone)
    visitor.sign_in(ResidentFactory.create(staff=True))
    decide(visitor, LinkRequest.objects.get(resident=married), person=person)
    decide(visitor, LinkRequest.objects.get(resident=new), reason="Your first bill comes in May.")
    phone.visit(reverse("accounts:index"))
    assert "Your first bill comes in May." in text(phone)
    seen(phone, "refused")
    assert Person.objects.for_resident(married).get() == person
    admin(visitor, reverse("admin:accounts_personlink_changelist"))
    visitor.page.locator("#action-toggle").check()
    visitor.page.get_by_label("Action:").select_option("Revoke selected links")
    press(visitor, "Go")
    visitor.page.get_by_label("Reason, for the resident to read").fill("You moved out.")
    seen(visitor, "revoke")
    press(visitor, "Revoke")
    phone.sign_in(married)
    phone.visit(reverse("accounts:index"))
    assert "not linked to any of the council’s records" in text(phone)
    visitor.faults.clear()  # the admin has no icon


def linked(visitor: Visitor, claim: Claim) -> Resident:
    """A newcomer who has just linked a record with the right key."""
    resident = ready(visitor, claim)
    visitor.press("Continue")
    assert visitor.heading == "Your account is linked"
    return resident


def decide(
    staff: Visitor, asked: LinkRequest, *, person: Person | None = None, reason: str = ""
) -> None:
    """A member of staff answers a request in the admin."""
    admin(staff, reverse("admin:accounts_linkrequest_change", args=[asked.pk]))
    if person:
        staff.page.locator(".field-person .select2-selection").click()
        staff.page.locator(".select2-search__field").fill(person.reference)
        staff.page.locator(".select2-results__option", has_text=person.reference).click()
    staff.page.get_by_label("Reason, for the resident to read").fill(reason)
    seen(staff, "decide")
    press(staff, "Save")


def admin(staff: Visitor, address: str) -> None:
    """Open a page of the admin, which is Django's own and is not audited here."""
    staff.page.goto(staff.site + address)


def press(staff: Visitor, words: str) -> None:
    with staff.page.expect_navigation():
        staff.page.get_by_role("button", name=words, exact=True).click()
