"""Proving that a record is one's own: each way in, each wrong turn, and what a stranger learns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import revoke_link
from accounts.linking import budgets, letters, proving, queue, reviewing
from accounts.linking.claim import Claim, Proof
from accounts.linking.forms import FactsForm
from accounts.linking.proving import prove, prove_by_pin
from accounts.linking.telling import tell_of_tries
from accounts.models import AuditEvent, LetterPin, LinkAttempt, LinkRequest, Person, PersonLink
from accounts.models import Resident as ResidentModel
from accounts.privacy import close_account, export
from council_tax.models import Account
from stockport.keyed import keyed
from stockport.outbox.models import Delivery
from tests.accounts.linking import (
    JOURNEY,
    KEY,
    WRONG,
    answer_all,
    letter_pin,
    make_person,
    tried,
    walk,
)
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, PersonFactory, PersonLinkFactory, ResidentFactory
from tests.factories.council_tax import AccountFactory, LiabilityFactory


@pytest.mark.parametrize(
    "proof",
    [
        KEY,
        Proof(phone_last3="042", bank_last3="917"),
        Proof(phone_last3="042", date_of_birth=date(1980, 5, 17)),
        Proof(bank_last3="917", date_of_birth=date(1980, 5, 17)),
        Proof(ni_number=keyed("qq 12 34 56 c"), date_of_birth=date(1980, 5, 17)),
    ],
)
def test_resident_links_by_key_or_by_two_facts(
    resident: ResidentModel, person: Person, claim: Claim, proof: Proof
) -> None:
    assert tried(resident, claim, proof)
    assert list(Person.objects.for_resident(resident)) == [person]


@pytest.mark.parametrize(
    "proof",
    [
        WRONG,
        Proof(),
        Proof(phone_last3="042"),
        Proof(date_of_birth=date(1980, 5, 17)),
        Proof(phone_last3="042", bank_last3="918"),
        Proof(ni_number=keyed("QQ123456C")),
        Proof(ni_number=keyed("QQ123456D"), date_of_birth=date(1980, 5, 17)),
        Proof(phone_last3="042", bank_last3="917", date_of_birth=date(1980, 5, 18)),
    ],
)
def test_anything_less_opens_nothing(resident: ResidentModel, claim: Claim, proof: Proof) -> None:
    assert not tried(resident, claim, proof)
    assert not PersonLink.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "5020000002"},
        {"reference": ""},
        {"surname": "Shore"},
        {"forenames": "Eve"},
        {"postcode": "SK1 3XF"},
        {"service": "benefits"},
        {"service": "elsewhere"},
    ],
)
def test_right_key_with_another_name_postcode_or_number_opens_nothing(
    resident: ResidentModel, claim: Claim, wrong: dict[str, str]
) -> None:
    assert not tried(resident, replace(claim, **wrong), KEY)


def test_person_of_whom_the_council_holds_no_proof_is_not_opened_by_empty_answers(
    resident: ResidentModel, claim: Claim, person: Person
) -> None:
    Person.objects.update(online_key="", phone_last3="", bank_last3="", date_of_birth=None)
    for proof in (KEY, Proof(online_key="-"), Proof(phone_last3="042", bank_last3="917")):
        assert not tried(ResidentFactory(), claim, proof)


def test_joint_owners_link_to_their_own_record_each(claim: Claim, account: Account) -> None:
    other = make_person(forenames="Bo", online_key=keyed("BBBB-2222"))
    LiabilityFactory.create(account=account, person=other, role="joint")
    ada, bo = ResidentFactory.create_batch(2)
    assert tried(ada, claim, KEY)
    assert tried(bo, replace(claim, forenames="Bo"), Proof(online_key="BBBB2222"))
    assert Person.objects.for_resident(bo).get() == other
    assert Account.objects.for_resident(ada).get() == Account.objects.for_resident(bo).get()


def test_previous_occupier_sees_their_own_history_only(
    resident: ResidentModel, claim: Claim, account: Account
) -> None:
    now = AccountFactory.create(property=account.property)
    LiabilityFactory.create(account=now, person=make_person(surname="Newman"))
    Account.objects.filter(pk=account.pk).update(status="closed", closed=date(2026, 6, 1))
    assert tried(resident, claim, KEY)
    assert list(Account.objects.for_resident(resident)) == [account]


def test_tries_run_out_for_the_resident_and_a_right_answer_comes_too_late(
    resident: ResidentModel, claim: Claim
) -> None:
    left = [prove(resident=resident, claim=claim, proof=WRONG, address="a").left for _ in range(6)]
    assert left == [4, 3, 2, 1, 0, 0]
    assert not tried(resident, claim, KEY)
    LinkAttempt.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    assert tried(resident, claim, KEY)


def test_address_has_a_budget_of_its_own(claim: Claim) -> None:
    for _ in range(budgets.OF_ADDRESS // budgets.OF_RESIDENT):
        guesser = ResidentFactory.create()
        for _ in range(budgets.OF_RESIDENT):
            tried(guesser, claim, WRONG)
    assert not tried(ResidentFactory(), claim, KEY)
    assert tried(ResidentFactory(), claim, KEY, address="198.51.100.7")


def test_guessed_facts_close_the_facts_and_leave_the_owner_every_other_way(
    claim: Claim, person: Person
) -> None:
    """A thousand accounts, each from its own address, with facts that end in the right ones."""
    facts = Proof(phone_last3="042", bank_last3="917")
    for number in range(budgets.FACTS_OF_TARGET):
        guess = Proof(phone_last3="042", bank_last3=f"{number:03}")
        assert not tried(ResidentFactory(), claim, guess, address=f"guess {number}")
    assert not tried(ResidentFactory(), claim, facts, address="next guess")
    owner, joint = ResidentFactory.create_batch(2)
    assert tried(owner, claim, KEY, address="at home")
    letters.ask_for_letter(resident=joint, claim=claim)
    assert prove_by_pin(resident=joint, claim=claim, pin=letter_pin(), address="at home").linked


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
def test_eight_guesses_at_once_are_counted_one_by_one(
    guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the guard off all eight look at the tries that are left before any is counted."""
    start, looked = Barrier(8), Barrier(8)
    if not guarded:
        monkeypatch.setattr(proving, "take_turns", lambda *names: None)
        monkeypatch.setattr(Claim, "people", lambda claim: [looked.wait(), []][1])
    resident = ResidentFactory.create()
    claim = Claim("council-tax", "5020000001", "Ada", "Shaw", "SK1 3XE")

    def guess() -> None:
        start.wait()
        try:
            prove(resident=resident, claim=claim, proof=WRONG, address="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        for task in [pool.submit(guess) for _ in range(8)]:
            task.result()
    assert LinkAttempt.objects.count() == (budgets.OF_RESIDENT if guarded else 8)


def test_person_linked_already_is_told_of_tries_once_a_day_and_of_each_link(
    claim: Claim, person: Person
) -> None:
    owner = PersonLinkFactory.create(person=person).resident
    for number in range(3):
        tried(ResidentFactory(), claim, WRONG, address=f"{number}")
    assert (tell_of_tries(), tell_of_tries()) == (1, 0)
    [told] = Delivery.objects.for_resident(owner)
    assert "tried to link" in told.payload["subject"]
    tried(ResidentFactory(), claim, KEY)
    assert Delivery.objects.for_resident(owner).count() == 2
    for mail in Delivery.objects.for_resident(owner):
        assert "7K4P" not in mail.payload["body"] and "resident" not in mail.payload["body"]


def test_nobody_is_told_of_their_own_tries_or_of_another_record(
    claim: Claim, person: Person
) -> None:
    owner = PersonLinkFactory.create(person=person).resident
    PersonLinkFactory.create()
    tried(owner, claim, WRONG)
    tried(ResidentFactory(), replace(claim, reference="1"), WRONG)
    assert tell_of_tries() == 0


def test_owner_is_told_again_of_tries_of_another_day(claim: Claim, person: Person) -> None:
    PersonLinkFactory.create(person=person)
    tried(ResidentFactory(), claim, WRONG)
    assert tell_of_tries() == 1
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert tell_of_tries() == 0
        tried(ResidentFactory(), claim, WRONG)
        assert tell_of_tries() == 1


def test_linking_again_changes_nothing(resident: ResidentModel, claim: Claim) -> None:
    assert tried(resident, claim, KEY) and tried(resident, claim, KEY)
    assert PersonLink.objects.count() == 1


def test_pin_goes_to_the_address_that_the_council_holds_and_works_once(
    resident: ResidentModel, claim: Claim, person: Person
) -> None:
    letters.ask_for_letter(resident=resident, claim=claim)
    [letter] = Delivery.objects.filter(kind="letter")
    assert letter.payload["address"] == ["Ms Ada Shaw", "1 Mill Lane", "Stockport", "SK1 3XE"]
    assert AuditEvent.objects.get(kind="letter_asked").person == person
    pin = letter_pin()
    assert pin not in str(LetterPin.objects.values().get())
    stranger = ResidentFactory.create()
    assert not prove_by_pin(resident=stranger, claim=claim, pin=pin, address="a").linked
    assert prove_by_pin(resident=resident, claim=claim, pin=pin, address="b").linked
    PersonLink.objects.all().delete()
    assert not prove_by_pin(resident=resident, claim=claim, pin=pin, address="b").linked


def test_link_that_staff_revoked_is_made_again_by_staff_alone(
    resident: ResidentModel, claim: Claim, person: Person
) -> None:
    """An old bill still has the right key; what the resident removed themself they link again."""
    staff = ResidentFactory.create(staff=True)
    assert tried(resident, claim, KEY)
    revoke_link(link=PersonLink.objects.get(), revoked_by=resident)
    assert tried(resident, claim, KEY)
    link = PersonLink.objects.active().get()
    reviewing.revoke(link=link, reason="This is your mother’s account.", by=staff)
    assert not tried(resident, claim, KEY)
    letters.ask_for_letter(resident=resident, claim=claim)
    assert not prove_by_pin(resident=resident, claim=claim, pin=letter_pin(), address="a").linked
    asked = reviewing.ask_staff(resident=resident, claim=claim, tells="I look after her.")
    reviewing.approve(request=asked, person=person, by=staff)
    assert list(Person.objects.for_resident(resident)) == [person]
    assert tried(ResidentFactory.create(), claim, KEY), "nobody else is kept out"


def test_second_press_of_the_button_is_no_wrong_try(resident: ResidentModel, claim: Claim) -> None:
    letters.ask_for_letter(resident=resident, claim=claim)
    pin = letter_pin()
    both = [prove_by_pin(resident=resident, claim=claim, pin=pin, address="a") for _ in range(2)]
    assert [(each.linked, each.left) for each in both] == [(True, budgets.OF_RESIDENT)] * 2
    assert PersonLink.objects.count() == 1


def test_pin_ends_after_three_wrong_tries_or_28_days(resident: ResidentModel, claim: Claim) -> None:
    letters.ask_for_letter(resident=resident, claim=claim)
    pin = letter_pin()
    for _ in range(3):
        assert not prove_by_pin(resident=resident, claim=claim, pin="0", address="a").linked
    assert not prove_by_pin(resident=resident, claim=claim, pin=pin, address="a").linked
    LetterPin.objects.update(ended_at=None, tries=0, expires_at=timezone.now())
    assert not prove_by_pin(resident=resident, claim=claim, pin=pin, address="a").linked


def test_letters_are_few_and_a_stranger_does_not_use_up_the_owner_s(
    resident: ResidentModel, claim: Claim
) -> None:
    stranger = ResidentFactory.create()
    for _ in range(5):
        letters.ask_for_letter(resident=stranger, claim=claim)
    assert Delivery.objects.filter(kind="letter").count() == 1
    letters.ask_for_letter(resident=resident, claim=claim)
    assert Delivery.objects.filter(kind="letter").count() == 2


def test_staff_link_whose_name_is_wrong_on_the_bill(
    portal: PortalClient, resident: ResidentModel, person: Person, claim: Claim
) -> None:
    asked = reviewing.ask_staff(
        resident=resident, claim=replace(claim, surname="Shore"), tells="I married in May."
    )
    with pytest.raises(reviewing.AlreadyAsked):
        reviewing.ask_staff(resident=resident, claim=claim, tells="")
    portal.sign_in(ResidentFactory.create(staff=True))
    address = reverse("admin:accounts_linkrequest_change", args=[asked.pk])
    assert f"{person}: 1 Mill Lane, Stockport, SK1 3XE" in portal.get(address).content.decode()
    assert "one of the two" in portal.post(address, {"person": "", "reason": ""}).content.decode()
    assert portal.post(address, {"person": person.pk, "reason": ""}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == LinkRequest.State.LINKED
    assert list(Person.objects.for_resident(resident)) == [person]
    assert Delivery.objects.for_resident(resident).get().payload["subject"].startswith("Your")
    with pytest.raises(reviewing.AlreadyDecided):
        reviewing.refuse(request=asked, reason="No.", by=resident)


def test_staff_refuse_with_a_reason_that_the_resident_reads(
    portal: PortalClient, resident: ResidentModel, claim: Claim
) -> None:
    staff = ResidentFactory.create(staff=True)
    asked = reviewing.ask_staff(resident=resident, claim=replace(claim, reference=""), tells="")
    reviewing.refuse(request=asked, reason="Your first bill comes in May.", by=staff)
    assert "comes in May" in Delivery.objects.for_resident(resident).get().payload["body"]
    portal.sign_in(resident)
    assert "comes in May" in portal.get(reverse("accounts:index")).content.decode()


def test_staff_who_decide_hear_once_a_day_that_somebody_waits(claim: Claim) -> None:
    boss, clerk, other = (ResidentFactory.create(staff=True) for _ in range(3))
    ResidentModel.objects.filter(pk__in=[clerk.pk, other.pk]).update(is_superuser=False)
    assert queue.tell_staff() == 0, "nobody waits"
    asked = reviewing.ask_staff(resident=ResidentFactory.create(), claim=claim, tells="")
    assert (queue.tell_staff(), queue.tell_staff()) == (1, 0)
    assert Delivery.objects.for_resident(boss).exists()
    clerk.user_permissions.add(Permission.objects.get(codename="decide_linkrequest"))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert queue.tell_staff() == 1
    [mail] = Delivery.objects.for_resident(clerk)
    assert mail.payload["subject"] == "Requests to link an account: 1 waiting"
    assert asked.surname not in mail.payload["body"]


def test_staff_without_the_permission_cannot_decide(
    portal: PortalClient, resident: ResidentModel, claim: Claim, person: Person
) -> None:
    asked = reviewing.ask_staff(resident=resident, claim=claim, tells="")
    portal.sign_in(ResidentFactory.create(is_staff=True))
    address = reverse("admin:accounts_linkrequest_change", args=[asked.pk])
    assert portal.post(address, {"person": person.pk}).status_code == 403


def test_every_step_is_on_record_and_stays_there(resident: ResidentModel, claim: Claim) -> None:
    tried(resident, claim, WRONG)
    tried(resident, claim, KEY)
    kinds = list(AuditEvent.objects.for_resident(resident).values_list("kind", flat=True))
    assert kinds == ["link_failed", "link_made"]
    refused = pytest.raises(IntegrityError, match="stays on record")
    with refused, transaction.atomic():
        AuditEvent.objects.update(kind="link_made")
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        AuditEvent.objects.all().delete()


def test_export_has_the_tries_and_erasure_forgets_whose_they_were(
    resident: ResidentModel, claim: Claim
) -> None:
    tried(resident, claim, WRONG)
    own = export(resident)["sections"][0]["data"]
    assert [row["matched"] for row in own["tries_to_link"]] == [False]
    close_account(resident=resident)
    assert not LinkAttempt.objects.exists()
    assert AuditEvent.objects.get().resident is None


def test_resident_links_in_the_pages(
    portal: PortalClient, resident: ResidentModel, claim: Claim
) -> None:
    portal.sign_in(resident)
    assert b"Your account is linked" in walk(portal)[-1]
    portal.get(reverse("accounts:index"))


@pytest.mark.parametrize(("way", "end"), [("key", "done"), ("letter", "asked")])
def test_nothing_is_sent_before_the_password_is_given_again(
    portal: PortalClient, resident: ResidentModel, claim: Claim, way: str, end: str
) -> None:
    """Somebody at a computer that was left open links nothing and has no letter sent."""
    portal.sign_in(resident)
    check = reverse("accounts:link_check", args=[JOURNEY])
    again = f"{reverse('account_reauthenticate')}?{urlencode({'next': check})}"
    answer_all(portal, way=way)
    assert [portal.get(check).url, portal.post(check).url] == [again, again]
    assert not LinkAttempt.objects.exists() and not LetterPin.objects.exists()
    wrong = portal.post(again, {"password": "x"})
    assert wrong.page.errors and portal.get(check).url == again
    portal.give_password()
    assert portal.post(check).url == reverse(f"accounts:link_{end}")


def test_unknown_number_wrong_name_and_wrong_key_look_the_same(claim: Claim) -> None:
    seen = []
    for wrong in ({"reference": "1"}, {"surname": "Shore"}, {"online_key": "X"}):
        portal = PortalClient()
        portal.sign_in(ResidentFactory.create())
        seen.append(walk(portal, **wrong))
    assert b"<strong>4 tries</strong>" in seen[0][-1]
    assert seen[0] == seen[1] == seen[2]


def test_letter_for_an_unknown_number_looks_the_same(claim: Claim) -> None:
    seen = []
    for reference in ("1", "5020000001"):
        portal = PortalClient()
        portal.sign_in(ResidentFactory.create())
        seen.append(walk(portal, reference=reference, way="letter"))
    assert seen[0] == seen[1]
    assert Delivery.objects.filter(kind="letter").count() == 1


def test_new_home_without_a_bill_goes_to_staff(
    portal: PortalClient, resident: ResidentModel
) -> None:
    portal.sign_in(resident)
    pages = {
        "service": {"service": "council-tax"},
        "number": {"reference": ""},
        "name": {"forenames": "Ada", "surname": "Shaw", "postcode": "SK1 3XE"},
        "tell": {"tells": "We moved in last week."},
    }
    for slug, typed in pages.items():
        answer = portal.post(reverse("accounts:link_step", args=[JOURNEY, slug]), typed)
        assert answer.status_code == 302, answer.page.errors
    portal.give_password()
    portal.post(reverse("accounts:link_check", args=[JOURNEY]))
    assert LinkRequest.objects.for_resident(resident).get().tells == "We moved in last week."
    assert "Waiting for staff" in portal.get(reverse("accounts:index")).content.decode()


def test_question_that_is_named_is_one_without_an_answer() -> None:
    form = FactsForm({"phone_last3": "042"}, request=HttpRequest(), answers={})
    assert form.errors == {"bank_last3": ["Answer two of the four questions"]}


def test_resident_removes_a_link_of_their_own_only(
    portal: PortalClient, resident: ResidentModel
) -> None:
    mine, other = PersonLinkFactory.create(resident=resident), PersonLinkFactory.create()
    portal.sign_in(resident)
    page = reverse("accounts:link_remove", args=[mine.pk])
    asked = portal.get(page)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    portal.post(asked["Location"], {"password": PASSWORD})
    assert "Tick the box" in portal.post(page).content.decode()
    assert portal.post(page, {"sure": "on"}).status_code == 302
    assert not PersonLink.objects.for_resident(resident).active().exists()
    assert portal.get(reverse("accounts:link_remove", args=[other.pk])).status_code == 404


BREAKS = {
    "accounts_linkattempt_way_known": lambda who: LinkAttempt.objects.create(
        resident=who, target="", address="", way="luck"
    ),
    "accounts_letterpin_one_live": lambda who: [
        make_pin(who, one) for one in [PersonFactory.create()] * 2
    ],
    "accounts_letterpin_three_tries": lambda who: make_pin(who, PersonFactory(), tries=4),
    "accounts_letterpin_expires_later": lambda who: make_pin(
        who, PersonFactory(), expires_at=timezone.now() - timedelta(days=1)
    ),
    "accounts_linkrequest_one_waiting": lambda who: [make_request(who), make_request(who)],
    "accounts_linkrequest_decision_is_whole": lambda who: make_request(who, state="refused"),
}


def make_pin(resident: ResidentModel, person: Person, **fields: object) -> LetterPin:
    given = {"expires_at": timezone.now() + timedelta(days=1), "pin": "", **fields}
    return LetterPin.objects.create(resident=resident, person=person, **given)


def make_request(resident: ResidentModel, **fields: object) -> LinkRequest:
    return LinkRequest.objects.create(resident=resident, service="council-tax", **fields)


@pytest.mark.parametrize("name", BREAKS)
def test_database_refuses_what_cannot_be_true(name: str, resident: ResidentModel) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKS[name](resident)


def test_every_constraint_of_linking_is_tried() -> None:
    models = (LinkAttempt, LetterPin, LinkRequest, AuditEvent)
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    assert named == set(BREAKS)
