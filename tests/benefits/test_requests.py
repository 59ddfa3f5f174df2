"""Residents tell of a change, ask to look again or appeal: forms, deliveries, what comes back."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from benefits.drafts import DraftStore, delete_old_drafts
from benefits.models import Claim, ClaimDraft, ClaimMember, ClaimRequest
from benefits.models.request import ANSWERS, CHANGES, RequestKind
from benefits.requests import Told, send_request
from benefits.rules import SupportAppeal
from benefits.service import service
from stockport.outbox.connectors.asking import Failed
from stockport.outbox.connectors.base import Update
from stockport.outbox.connectors.webhook import message
from stockport.outbox.models import Delivery
from stockport.requested import AlreadyAsked
from tests.factories.accounts import PersonLinkFactory, ResidentFactory
from tests.factories.benefits import (
    ClaimDraftFactory,
    ClaimFactory,
    ClaimMemberFactory,
    ClaimRequestFactory,
    DecisionFactory,
)
from tests.factories.outbox import DeliveryFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def on(name):
    return {f"{name}-day": "2", f"{name}-month": "11", f"{name}-year": "2026"}


DAY = "2026-11-02"
BANK = {"holder": "Ada Shaw", "sort_code": "30-94 30", "account": "1234567"}
# The pages of each change: slug, what is typed, and what is sent of it.
PAGES = {
    "rent": [
        (
            "rent",
            {"rent": "£541.67", "every": "month", "landlord": "no", **on("since")},
            {"rent": "541.67", "every": "month", "landlord": "no", "since": DAY},
        )
    ],
    "income": [
        (
            "income",
            {"source": "wages", "happened": "changed", **on("since")},
            {"source": "wages", "happened": "changed", "since": DAY},
        ),
        ("now", {"amount": "212.50", "every": "week"}, {"amount": "212.50", "every": "week"}),
    ],
    "household": [
        ("household", {"event": "joined"}, {"event": "joined"}),
        (
            "somebody",
            {"name": "Zoë Shaw", "relation": "adult", **on("on")},
            {"name": "Zoë Shaw", "relation": "adult", "on": DAY},
        ),
    ],
    "address": [
        (
            "moved",
            {"new_address": "2 Low St", "renting": "private", **on("moved_on")},
            {"new_address": "2 Low St", "renting": "private", "moved_on": DAY},
        ),
        ("new-rent", {"rent": "120", "every": "week"}, {"rent": "120", "every": "week"}),
    ],
    "bank": [
        (
            "bank",
            BANK,
            {"holder": "Ada Shaw", "ending": "ending 4567", "modulus_check": "not checked"},
        )
    ],
}


@pytest.fixture
def claim():
    return ClaimFactory()


@pytest.fixture
def claimant(claim, portal):
    """Who made the claim, signed in."""
    resident = PersonLinkFactory(person=claim.person).resident
    with time_machine.travel(NOW):
        portal.sign_in(resident)
        yield resident


def begin(portal, form="change"):
    """The address of a fresh form."""
    return portal.get(f"/benefits/{form}/").url.rsplit("/", 2)[0]


def fill_in(portal, kind):
    """Answer everything and send it; the page that confirms it."""
    at = begin(portal)
    answer = portal.post(f"{at}/what/", {"kind": kind})
    for slug, typed, _ in PAGES[kind]:
        assert answer.url == f"{at}/{slug}/"
        answer = portal.post(answer.url, typed)
    assert answer.url == f"{at}/more/"
    answer = portal.post(answer.url, {"more": ""})
    assert answer.url == f"{at}/check/"
    if kind == "bank":
        portal.give_password()
    assert portal.get(answer.url).page.h1 == "Check your answers"
    return portal.post(answer.url, follow=True)


def test_every_change_is_tried_here_and_every_kind_says_what_it_needs():
    assert set(PAGES) == set(CHANGES)
    assert set(ANSWERS) == set(RequestKind.values)


@pytest.mark.parametrize("kind", PAGES)
def test_resident_tells_of_a_change_and_gets_a_reference(portal, claimant, claim, kind):
    answer = fill_in(portal, kind)
    told = ClaimRequest.objects.for_resident(claimant).get()
    expected = {name: value for page in PAGES[kind] for name, value in page[2].items()}
    expected["more"] = ""
    assert told.reference in answer.page.text("main")
    assert told.answers == expected
    assert told.delivery.destination.slug == "benefits"
    data = json.loads(message(told.delivery))["data"]
    if kind == "bank":
        account = {**BANK, "sort_code": "309430", "account": "01234567", "roll_number": ""}
        assert data.pop("bank_account") == account
    assert data == {
        "reference": told.reference,
        "kind": kind,
        "claim_reference": claim.reference,
        "decision_reference": "",
        "person_reference": claim.person.reference,
        "answers": expected,
    }
    text = portal.get("/benefits/").page.text("main")
    assert f"{told.get_kind_display()}, {told.reference}: Received on 23 November 2026" in text


def test_number_of_a_bank_account_is_written_down_nowhere_and_shown_nowhere(
    portal, claimant, claim
):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "bank"})
    assert portal.get(f"{at}/bank/").url.startswith(reverse("account_reauthenticate"))
    portal.give_password()
    assert "Sort code" in portal.get(f"{at}/bank/").page.text("main")
    portal.post(f"{at}/bank/", BANK)
    again = portal.get(f"{at}/bank/").page.html
    assert "Ada Shaw" in again
    portal.post(f"{at}/more/", {})
    check = portal.get(f"{at}/check/").page
    assert "ending 4567" in check.text("main")
    answer = portal.post(f"{at}/check/", follow=True)
    told = ClaimRequest.objects.get()
    mail = Delivery.objects.get(kind="email", reference=told.reference)
    assert mail.payload["to"] == [claimant.email]
    assert "If it was not you" in mail.payload["body"]
    seen = [again, check.html, answer.page.html, json.dumps([told.answers, told.summary])]
    seen += [json.dumps(each.payload) for each in Delivery.objects.all()]
    seen += [each.sealed for each in ClaimDraft.objects.all()]
    seen += [json.dumps(each.get_decoded()) for each in Session.objects.all()]
    seen.append(str(list(service.export(claimant))))
    # Whole numbers: four digits of a sort code turn up by chance in keys and tokens of a page.
    assert not [text for text in seen if re.search("1234567|30[- ]?94[- ]?30", text)]


def test_draft_of_a_bank_account_is_sealed_and_check_page_asks_for_the_password(portal, claimant):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "bank"})
    portal.post(f"{at}/bank/", BANK)
    portal.post(f"{at}/more/", {})
    assert "1234567" not in ClaimDraft.objects.get().sealed
    for method in (portal.get, portal.post):
        assert method(f"{at}/check/").url.startswith(reverse("account_reauthenticate"))
    assert not ClaimRequest.objects.exists()


@pytest.mark.parametrize("reads", [1, 2])
@pytest.mark.parametrize("kind", ["rent", "bank"])
def test_bank_account_that_another_tab_posts_meanwhile_is_not_sent_without_the_password(
    portal, claimant, monkeypatch, kind, reads
):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "rent"})
    portal.post(f"{at}/rent/", PAGES["rent"][0][1])
    portal.post(f"{at}/more/", {})
    portal.post(f"{at}/what/", {"kind": kind})

    def other_tab():
        portal.post(f"{at}/what/", {"kind": "bank"})
        portal.post(f"{at}/bank/", BANK)

    read, meanwhile = DraftStore.read, [bool] * (reads - 1) + [other_tab]

    def read_and_be_overtaken(store):
        kept = read(store)
        if meanwhile:
            meanwhile.pop(0)()
        return kept

    monkeypatch.setattr(DraftStore, "read", read_and_be_overtaken)
    portal.post(f"{at}/check/")
    assert not ClaimRequest.objects.filter(kind="bank").exists()
    assert ClaimRequest.objects.filter(kind="rent").exists() == (kind == "rent")


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("sort_code", "12345", "Sort code must be 6 digits, like 30 94 30"),
        ("sort_code", "12 34 5x", "Sort code must be 6 digits, like 30 94 30"),
        ("account", "00000000", "Account number must be 6 to 8 digits"),
        ("account", "123456789", "Account number must be 6 to 8 digits"),
        ("account", "", "Enter the account number"),
    ],
)
def test_wrong_numbers_say_how_to_put_them_right_and_stay_to_be_put_right(
    portal, claimant, field, typed, error
):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "bank"})
    page = portal.post(f"{at}/bank/", BANK | {field: typed}).page
    assert page.errors == [error]
    assert typed in page.html


def test_number_that_cannot_be_one_of_the_sort_code_is_refused_and_one_that_can_is_checked(
    portal, claimant, settings, tmp_path
):
    settings.MODULUS_TABLES = str(tmp_path)
    (tmp_path / "valacdos.txt").write_text(f"309430 309430 MOD10 {'0 ' * 13}1")
    (tmp_path / "scsubtab.txt").touch()
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "bank"})
    page = portal.post(f"{at}/bank/", BANK).page
    assert page.errors == [
        "The account number does not go with the sort code. Check both. If they are right,"
        " contact us"
    ]
    portal.post(f"{at}/bank/", BANK | {"account": "1234560"})
    portal.post(f"{at}/more/", {"more": ""})
    portal.give_password()
    portal.post(f"{at}/check/")
    assert ClaimRequest.objects.get().answers["modulus_check"] == "passed"


def kinds_offered(portal, at):
    page = portal.get(f"{at}/what/").page
    return {box.get("value") for box in page.select("input[type=radio]")}


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, set()),
        ({"type": "cts"}, {"rent", "bank"}),
        ({"tenancy": "council"}, {"rent", "bank"}),
    ],
)
def test_only_what_the_claim_depends_on_is_offered(portal, claimant, claim, fields, missing):
    Claim.objects.update(**fields)
    assert kinds_offered(portal, begin(portal)) == set(CHANGES) - missing


def test_income_of_a_household_with_a_partner_is_somebodys_and_stopped_has_no_amount(
    portal, claimant, claim
):
    ClaimMemberFactory(claim=claim)
    at = begin(portal)
    answer = portal.post(f"{at}/what/", {"kind": "income"})
    assert answer.url == f"{at}/whose/"
    answer = portal.post(answer.url, {"whose": "partners"})
    answer = portal.post(answer.url, {"source": "pension", "happened": "stopped", **on("since")})
    assert answer.url == f"{at}/more/"


def test_new_home_without_rent_asks_for_none(portal, claimant):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "address"})
    typed = {"new_address": "2 Low St", "renting": "no", **on("moved_on")}
    assert portal.post(f"{at}/moved/", typed).url == f"{at}/more/"


def test_child_that_was_born_is_not_asked_who_they_are(portal, claimant):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "household"})
    page = portal.post(f"{at}/household/", {"event": "born"}, follow=True).page
    assert page.h1 == "Who it is"
    assert not page.select("[name=relation]")
    answer = portal.post(f"{at}/somebody/", {"name": "Zoë Shaw", **on("on")})
    assert answer.url == f"{at}/more/"


def test_decision_that_gives_nothing_is_named_so(portal, claimant, claim):
    decide(claim, weekly=0)
    page = portal.get("/benefits/disagree/", follow=True).page
    assert "Housing Benefit: nothing from " in page.text("main")


def test_form_survives_signing_out_and_can_be_deleted(portal, claimant):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "rent"})
    portal.post(f"{at}/rent/", PAGES["rent"][0][1])
    portal.logout()
    portal.sign_in(claimant)
    page = portal.get("/benefits/").page
    assert "A change to tell us about, last changed on 23 November 2026" in page.text("main")
    draft = ClaimDraft.objects.get()
    assert portal.get(draft.get_absolute_url()).url == f"{at}/more/?change=1"
    assert "541.67" in portal.get(f"{at}/rent/").page.html
    delete = reverse("benefits:forget", args=[draft.key])
    assert "You cannot undo this" in portal.get(delete).page.text("main")
    portal.post(delete)
    assert not ClaimDraft.objects.exists()


def test_same_form_sent_again_is_the_same_request(portal, claimant):
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "rent"})
    portal.post(f"{at}/rent/", PAGES["rent"][0][1])
    portal.post(f"{at}/more/", {})
    first = portal.post(f"{at}/check/").url
    assert portal.post(f"{at}/check/").url == first
    assert ClaimRequest.objects.count() == 1
    draft = ClaimDraft.objects.get()
    assert (draft.sealed, draft.request) == ("", ClaimRequest.objects.get())


def test_bank_account_is_not_asked_twice_and_two_wages_may_be(portal, claimant, claim):
    ClaimRequestFactory(resident=claimant, claim_reference=claim.reference, reference="BN-1")
    page = portal.post(f"{begin(portal)}/what/", {"kind": "bank"}).page
    assert page.errors == ["You have told us this already: your reference is BN-1"]
    told = Told("bank", {"holder": "Ada", "ending": "ending 1"}, [])
    with pytest.raises(AlreadyAsked):
        send_request(resident=claimant, claim=claim, told=told, token=uuid4())
    for _ in range(2):
        fill_in(portal, "income")
    assert ClaimRequest.objects.filter(kind="income").count() == 2


def test_resident_with_several_claims_says_which_and_ended_ones_do_not_change(
    portal, claimant, claim
):
    second = ClaimFactory(person=claim.person)
    ended = ClaimFactory(person=claim.person, stopped=True)
    at = begin(portal)
    assert portal.get(f"{at}/what/").url == f"{at}/claim/"
    for other in (ended, ClaimFactory()):
        page = portal.post(f"{at}/claim/", {"claim": other.reference}).page
        assert page.errors == ["Select one of your claims"]
    assert portal.post(f"{at}/claim/", {"claim": second.reference}).url == f"{at}/what/"


def test_resident_without_a_claim_reads_how_to_link_one(portal):
    portal.sign_in(ResidentFactory())
    for form in ("change", "disagree"):
        assert portal.get(f"/benefits/{form}/").url == "/benefits/"


def test_partner_tells_of_changes_but_not_of_a_bank_account_until_they_part(portal, claim):
    member = ClaimMemberFactory(claim=claim, sharing=True)
    partner = PersonLinkFactory(person=member.person).resident
    portal.sign_in(partner)
    DecisionFactory(claim=claim)
    at, other = begin(portal), begin(portal, "disagree")
    assert kinds_offered(portal, at) == set(CHANGES) - {"bank"}
    assert portal.post(f"{at}/what/", {"kind": "bank"}).page.errors
    portal.post(f"{at}/what/", {"kind": "rent"})
    portal.post(f"{at}/rent/", PAGES["rent"][0][1])
    portal.post(f"{at}/more/", {})
    portal.post(f"{other}/decision/", {"decision": claim.decisions.get().reference})
    ClaimMember.objects.update(may_see=False)
    pages = [f"{at}/{slug}/" for slug in ("what", "rent", "more", "check")]
    pages += [f"{other}/{slug}/" for slug in ("decision", "way", "check")]
    for page in pages:
        assert portal.get(page).status_code == portal.post(page, {}).status_code == 404, page
    assert not ClaimRequest.objects.exists()
    ClaimMember.objects.update(may_see=True)
    portal.post(f"{at}/check/")
    sent = ClaimRequest.objects.get()
    assert sent.person_reference == member.person.reference
    portal.sign_in(PersonLinkFactory(person=claim.person).resident)
    assert portal.get(sent.get_absolute_url()).status_code == 404
    assert portal.get(f"{at}/rent/").url == f"{at}/what/"  # nobody else's draft
    delete = reverse("benefits:forget", args=[ClaimDraft.objects.unfinished()[0].key])
    assert portal.post(delete).status_code == 404
    assert ClaimDraft.objects.for_resident(partner).exists()


def decide(claim, kind="hb", decided=date(2026, 11, 2), **fields):
    return DecisionFactory(claim=claim, kind=kind, decided=decided, **fields)


def disagree(portal, decision, *answers):
    """Answer the form; what the last answer leads to."""
    at = begin(portal, "disagree")
    answer = portal.post(f"{at}/decision/", {"decision": decision.reference})
    for slug, typed in answers:
        assert answer.url == f"{at}/{slug}/"
        answer = portal.post(answer.url, typed)
    return answer


WHY = ("why", {"why": "The rent is wrong."})
LATE = ("late", {"late": "I was in hospital."})


@pytest.mark.parametrize("way", ["look_again", "appeal"])
def test_housing_benefit_is_looked_at_again_or_appealed_within_a_month(
    portal, claimant, claim, way
):
    decision = decide(claim)
    answer = disagree(portal, decision, ("way", {"way": way}), WHY)
    page = portal.get(answer.url).page.text("main")
    assert "letter of 2 November 2026" in page
    portal.post(answer.url)
    asked = ClaimRequest.objects.get()
    assert (asked.kind, asked.decision_reference) == (way, decision.reference)
    assert asked.answers == {"decided": "2026-11-02", "why": "The rent is wrong."}
    text = portal.get(asked.get_absolute_url()).page.text("main")
    assert "First-tier Tribunal" in text
    assert "Valuation Tribunal" not in text
    again = disagree(portal, decision, ("way", {"way": way}))
    assert asked.reference in again.page.errors[0]


def test_page_of_the_ways_says_by_when_and_that_nobody_must_ask_first(portal, claimant, claim):
    answer = disagree(portal, decide(claim))
    text = portal.get(answer.url).page.text("main")
    assert "You have until 2 December 2026." in text
    assert "You do not have to ask us to look again before you appeal." in text


@pytest.mark.parametrize(
    ("decided", "late"), [(date(2026, 10, 23), False), (date(2026, 10, 22), True)]
)
def test_reasons_for_being_late_are_asked_for_after_the_month(
    portal, claimant, claim, decided, late
):
    answers = [("way", {"way": "appeal"}), *([LATE] if late else []), WHY]
    answer = disagree(portal, decide(claim, decided=decided), *answers)
    portal.post(answer.url)
    assert ("late" in ClaimRequest.objects.get().answers) is late


@pytest.mark.parametrize(
    ("decided", "slug"), [(date(2025, 10, 23), "way"), (date(2025, 10, 22), "too-late")]
)
def test_after_thirteen_months_the_page_says_what_is_left(portal, claimant, claim, decided, slug):
    answer = disagree(portal, decide(claim, decided=decided))
    assert answer.url.endswith(f"/{slug}/")
    text = portal.get(answer.url).page.text("main")
    assert ("put a decision right at any time" in text) is (slug == "too-late")
    assert ("With good reasons for being late, you have until 23 November 2026" in text) is (
        slug == "way"
    )


def test_council_tax_support_goes_to_the_council_and_names_the_other_tribunal(
    portal, claimant, claim
):
    answer = disagree(portal, decide(claim, "cts", date(2024, 1, 5)), WHY)
    portal.post(answer.url)
    asked = ClaimRequest.objects.get()
    assert asked.kind == "support"
    text = portal.get(asked.get_absolute_url()).page.text("main")
    assert "The council has until 23 January 2027 to answer." in text
    assert "Valuation Tribunal yourself: by 23 March 2027" in text
    assert "Keep paying your council tax" in text
    ClaimRequest.objects.update(status="refused", status_at=NOW + timedelta(days=20))
    text = portal.get(asked.get_absolute_url()).page.text("main")
    assert "Valuation Tribunal yourself: by 13 February 2027" in text


@pytest.mark.parametrize(
    ("answered", "by"),
    [
        (None, date(2026, 6, 30)),
        (date(2026, 3, 31), date(2026, 5, 31)),
        (date(2026, 6, 1), date(2026, 6, 30)),
    ],
)
def test_answer_in_time_counts_two_months_and_none_or_a_late_one_four_from_the_letter(answered, by):
    appeal = SupportAppeal(date(2026, 2, 28), answered)
    assert appeal.answer_by == date(2026, 4, 28)
    assert appeal.tribunal_by == min(by, date(2026, 6, 28))


def test_housing_payment_is_looked_at_again_without_a_tribunal(portal, claimant, claim):
    answer = disagree(portal, decide(claim, "crf"), WHY)
    portal.post(answer.url)
    asked = ClaimRequest.objects.get()
    assert asked.kind == "fund"
    assert "No tribunal decides" in portal.get(asked.get_absolute_url()).page.text("main")


def test_decision_that_is_being_looked_at_is_not_asked_about_again(portal, claimant, claim):
    decision = decide(claim, "cts")
    portal.post(disagree(portal, decision, WHY).url)
    assert "You have asked this already" in disagree(portal, decision).page.errors[0]


def test_claim_without_a_decision_here_says_to_write(portal, claimant, claim):
    at = begin(portal, "disagree")
    answer = portal.get(f"{at}/decision/", follow=True)
    assert answer.page.h1 == "There is no decision here"


def test_resident_reads_what_the_benefits_team_says(portal, claimant):
    asked = ClaimRequestFactory(resident=claimant)
    now = timezone.now()
    Delivery.objects.filter(pk=asked.delivery_id).update(
        state="sent", sent_at=now, remote_reference="BEN-7"
    )
    text = portal.get(asked.get_absolute_url()).page.text("main")
    assert "Sent to the benefits team on 23 November 2026 at 10am." in text
    assert "Their reference: BEN-7" in text
    for status, words in (
        ("OPEN", "The benefits team is dealing with it."),
        ("dancing", "The benefits team is dealing with it."),
        ("closed", "The benefits team has dealt with it."),
        ("refused", "The benefits team has not agreed to it."),
    ):
        now += timedelta(minutes=1)
        update = Update(str(uuid4()), "7", status, "We have looked at it.", now)
        assert service.hear(asked.delivery, update)
        assert words in portal.get(asked.get_absolute_url()).page.text("main")
    old = Update(str(uuid4()), "7", "open", "Old.", now - timedelta(days=1))
    service.hear(asked.delivery, old)
    asked.refresh_from_db()
    assert asked.status == "refused"
    assert not service.hear(DeliveryFactory(), old)


def test_sealed_answers_that_no_key_opens_are_a_matter_for_staff(settings):
    delivery = DeliveryFactory(payload={"sealed": "lost"})
    with pytest.raises(Failed):
        message(delivery)


def test_draft_whose_key_was_lost_is_asked_again():
    draft = ClaimDraftFactory(sealed="lost")
    assert DraftStore(draft.resident, "change", draft.key).read() == {}


def test_drafts_go_after_28_days_and_only_five_are_kept(claimant):
    old = ClaimDraftFactory(changed_at=timezone.now() - timedelta(days=29))
    for _ in range(6):
        DraftStore(claimant, "change", uuid4()).change(lambda kept: {"what": "kind=rent"})
    assert delete_old_drafts() == 1
    assert not ClaimDraft.objects.filter(pk=old.pk).exists()
    assert ClaimDraft.objects.for_resident(claimant).count() == 5


def test_erasure_deletes_requests_and_drafts_and_the_copy_of_the_data_has_them(claimant):
    mine, theirs = ClaimRequestFactory(resident=claimant), ClaimRequestFactory()
    ClaimDraftFactory(resident=claimant)
    copy = dict(service.export(claimant))
    assert [row["reference"] for row in copy["requests"]] == [mine.reference]
    assert [row["answers"] for row in copy["drafts"]] == [{}]
    assert service.erase(claimant).deleted == 2
    assert list(ClaimRequest.objects.all()) == [theirs]


@pytest.mark.parametrize("rows", [1, 15])
def test_page_of_a_request_takes_one_query_of_its_own(
    portal, claimant, rows, django_assert_num_queries
):
    for number in range(rows):
        asked = ClaimRequestFactory(resident=claimant, claim_reference=f"{number}")
    with django_assert_num_queries(3):
        portal.get(asked.get_absolute_url())
