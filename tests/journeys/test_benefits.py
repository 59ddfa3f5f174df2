"""Benefits in a real browser: every state of a claim, papers, a change, the ways to disagree."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Resident
from benefits.models import Claim, ClaimDraft, ClaimRequest, Sending
from stockport.letters.finding import look_for_documents
from tests.benefits.test_papers import PDF
from tests.factories.accounts import PASSWORD
from tests.factories.benefits import (
    LETTER,
    AwardFactory,
    AwardLineFactory,
    BenefitPaymentFactory,
    ClaimFactory,
    DecisionFactory,
    DocumentFactory,
    EvidenceRequestFactory,
    OverpaymentFactory,
    RecoveryFactory,
)
from tests.factories.council_tax import household, person_of
from tests.journeys.audit import resize
from tests.journeys.visitor import Visitor
from tests.stockport.test_images import picture

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
DESK, SMALL_PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def seen(visitor: Visitor, name: str) -> None:
    """Audit the page that was come to at a desk on a small phone too; keep pictures of both where
    they are asked for.
    """
    keep(visitor, f"{name}-desk")
    resize(visitor.page, SMALL_PHONE)
    visitor.audit()
    keep(visitor, f"{name}-phone")
    resize(visitor.page, DESK)


def keep(visitor: Visitor, name: str) -> None:
    if SCREENSHOTS:
        visitor.page.screenshot(path=Path(SCREENSHOTS) / f"benefits-{name}.png", full_page=True)


def text(visitor: Visitor) -> str:
    return visitor.page.locator("main").inner_text()


def claim_of(resident: Resident, **fields: Any) -> Claim:
    return ClaimFactory.create(person=person_of(resident), **fields)


def go_on(visitor: Visitor, *chosen: str, **typed: str) -> None:
    """Answer the page and continue: radios by their label, boxes by their name."""
    for label in chosen:
        visitor.page.get_by_role("radio", name=label).first.check()
    for name, words in typed.items():
        visitor.page.locator(f"[name={name}]").fill(words)
    visitor.press("Continue")


def test_claim_in_every_state_says_what_it_means_and_what_to_do(
    visitor: Visitor, resident: Resident
) -> None:
    due = timezone.localdate() + timedelta(days=14)
    states: dict[str, tuple[dict[str, Any], str]] = {
        "current": ({}, "You are getting this help now."),
        "future": ({"status": "future"}, "Your help has not started yet."),
        "pending": ({"status": "pending", "decided": None}, "You do not need to do anything."),
        "suspended": ({"suspended": True, "needed_by": due}, "put your payments on hold"),
        "defective": (
            {"status": "defective", "decided": None, "needed": "Payslips", "needed_by": due},
            "because something is missing",
        ),
        "cancelled": ({"status": "cancelled"}, "cancelled before it paid anything"),
        "ended": ({"stopped": True}, "This claim has ended."),
    }
    visitor.sign_in(resident)
    for name, (fields, words) in states.items():
        claim = claim_of(resident, **fields)
        visitor.visit(claim.get_absolute_url())
        assert words in text(visitor)
        keep(visitor, f"state-{name}")
    visitor.visit(reverse("benefits:index"))
    seen(visitor, "index")
    visitor.visit(Claim.objects.get(status="suspended").get_absolute_url())
    seen(visitor, "suspended")


def make_rich_claim(resident: Resident) -> Claim:
    """A claim with one of everything, beside a council tax account."""
    claim = claim_of(resident, council_tax_account=household(resident).reference)
    today = timezone.localdate()
    AwardLineFactory(award=AwardFactory(claim=claim))
    AwardFactory(claim=claim, support=True)
    overpayment = OverpaymentFactory.create(claim=claim)
    paid = BenefitPaymentFactory.create(claim=claim, amount="392.00")
    RecoveryFactory(overpayment=overpayment, payment=paid)
    BenefitPaymentFactory(claim=claim, due=True, paid_on=today + timedelta(days=9))
    DecisionFactory(claim=claim, decided=today - timedelta(days=5))
    letter = DocumentFactory.create(claim=claim, issued=today)
    default_storage.save(letter.storage_name, ContentFile(LETTER))
    look_for_documents()
    return claim


def test_money_letters_payments_and_debts_of_a_claim(
    visitor: Visitor, resident: Resident, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    claim = make_rich_claim(resident)
    visitor.sign_in(resident)
    visitor.visit(claim.get_absolute_url())
    seen(visitor, "claim")
    visitor.follow("How it is worked out, and what changed")
    seen(visitor, "worked-out")
    for page in ("payments", "overpayments"):
        visitor.visit(reverse(f"benefits:{page}", args=[claim.reference]))
        seen(visitor, page)
    visitor.visit(claim.get_absolute_url())
    visitor.follow("Letters about this claim")
    seen(visitor, "letters")
    visitor.follow_first("main li a")
    seen(visitor, "letter")
    visitor.visit(reverse("benefits:estimate"))
    seen(visitor, "estimate")
    visitor.visit(reverse("home:money"))
    assert visitor.heading == "Your money with the council"
    seen(visitor, "money")


def upload(visitor: Visitor, *files: tuple[str, str, bytes]) -> None:
    visitor.page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in files]
    )


def test_papers_are_added_page_by_page_and_sent_without_scripts(
    plain: Visitor, resident: Resident, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    claim = claim_of(resident, suspended=True)
    due = timezone.localdate() + timedelta(days=14)
    EvidenceRequestFactory(claim=claim, due=due)
    plain.sign_in(resident)
    plain.visit(claim.get_absolute_url())
    with plain.page.expect_navigation():
        plain.page.get_by_role("link", name="Send it").click()
    plain.audit()
    seen(plain, "papers")
    upload(
        plain,
        ("page-1.pdf", "application/pdf", PDF),
        ("letter.docx", "application/msword", b"PK words"),
        ("page-2.png", "image/png", picture("PNG")),
    )
    plain.press("Add files")
    assert "“letter.docx”. It must be a PDF" in text(plain)
    assert "page-1.pdf" in text(plain) and "page-2.png" in text(plain)
    seen(plain, "papers-refused")
    plain.press("Remove page-2.png, file 2")
    upload(plain, ("page-2.jpg", "image/jpeg", picture()))
    plain.press("Add another file")
    plain.press("Send to the benefits team")
    assert plain.heading == f"Papers {Sending.objects.get().reference}"
    seen(plain, "papers-sent")
    plain.follow("Your claim")
    seen(plain, "papers-claim")


def test_bank_account_asks_for_the_password_and_keeps_its_form_without_scripts(
    plain: Visitor, resident: Resident, settings: Settings, tmp_path: Path
) -> None:
    settings.MODULUS_TABLES = str(tmp_path)
    (tmp_path / "valacdos.txt").write_text(f"309430 309430 MOD10 {'0 ' * 13}1")
    (tmp_path / "scsubtab.txt").touch()
    claim_of(resident)
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    plain.sign_in(resident)
    plain.visit(reverse("benefits:index"))
    plain.follow("Tell us about a change")
    seen(plain, "change-what")
    go_on(plain, "Pay me into another bank account")
    assert plain.page.get_by_label("Password").count()
    seen(plain, "change-password")
    plain.fill("Password", PASSWORD)
    plain.press("Continue")
    seen(plain, "change-bank")
    bank = {"holder": "Ada Shaw", "sort_code": "30-94-30", "account": "12345678"}
    go_on(plain, **bank)
    assert "does not go with the sort code" in text(plain)
    seen(plain, "change-bank-refused")
    go_on(plain, **{**bank, "account": "12345670"})
    plain.visit(reverse("benefits:index"))
    assert "Forms that you began" in text(plain)
    seen(plain, "change-begun")
    plain.page.get_by_role("link", name="Continue").first.click()
    plain.page.wait_for_load_state()
    plain.press("Continue")
    assert plain.heading == "Check your answers"
    assert "ending 5670" in text(plain)
    seen(plain, "change-check")
    plain.press("Confirm and send")
    told = ClaimRequest.objects.get()
    assert plain.heading == f"Change {told.reference}"
    assert told.answers["modulus_check"] == "passed"
    seen(plain, "change-sent")
    assert not ClaimDraft.objects.get().sealed


def press_keys(visitor: Visitor, *keys: str) -> None:
    for key in keys:
        visitor.page.keyboard.press(key)


def tab_to(visitor: Visitor, selector: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(60):
        press_keys(visitor, "Tab")
        if visitor.page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"Tab never comes to {selector}")


def enter(visitor: Visitor, selector: str) -> None:
    tab_to(visitor, selector)
    with visitor.page.expect_navigation():
        press_keys(visitor, "Enter")
    visitor.audit()


def test_income_is_told_with_the_keyboard_alone(visitor: Visitor, resident: Resident) -> None:
    claim_of(resident)
    visitor.sign_in(resident)
    visitor.visit(reverse("benefits:change"))
    submit = "main form button[type=submit]"
    tab_to(visitor, "[name=kind]")
    press_keys(visitor, "ArrowDown")
    enter(visitor, submit)
    assert visitor.heading == "What has changed in the income"
    tab_to(visitor, "[name=source]")
    press_keys(visitor, "Space")
    tab_to(visitor, "[name=happened]")
    press_keys(visitor, "Space", "ArrowDown", "ArrowDown")
    for part, digits in (("day", "2"), ("month", "11"), ("year", "2026")):
        tab_to(visitor, f"[name=since-{part}]")
        visitor.page.keyboard.type(digits)
    enter(visitor, submit)
    enter(visitor, submit)
    assert visitor.heading == "Check your answers"
    assert "It has stopped" in text(visitor)
    enter(visitor, submit)
    assert ClaimRequest.objects.get().answers["happened"] == "stopped"


def disagree(visitor: Visitor, label: str) -> None:
    """From the list of benefits to the page after the choice of a decision."""
    visitor.visit(reverse("benefits:index"))
    visitor.follow("ask us to look at a decision again, or appeal")
    go_on(visitor, label)


def tell_why(visitor: Visitor) -> None:
    """Say why, check it and send it."""
    go_on(visitor, why="My rent is £541.67.")
    assert visitor.heading == "Check your answers"
    visitor.press("Confirm and send")


def make_decisions(resident: Resident) -> None:
    claim, today = claim_of(resident), timezone.localdate()
    ages = {"hb": 5, "cts": 100, "crf": 10}
    for kind, age in ages.items():
        DecisionFactory(claim=claim, kind=kind, decided=today - timedelta(days=age))
    DecisionFactory(claim=claim, kind="hb", decided=today - timedelta(days=60), weekly=90)
    DecisionFactory(claim=claim, kind="hb", decided=date(2024, 3, 1), weekly=80)


def test_each_decision_has_its_own_way_to_disagree(visitor: Visitor, resident: Resident) -> None:
    make_decisions(resident)
    visitor.sign_in(resident)
    disagree(visitor, "Housing Benefit: £112.40")
    seen(visitor, "disagree-way")
    go_on(visitor, "Ask us to look at the decision again")
    seen(visitor, "disagree-why")
    tell_why(visitor)
    assert "We look at the decision again and write to you." in text(visitor)
    seen(visitor, "disagree-look-again")
    disagree(visitor, "Housing Benefit: £90.00")
    assert "With good reasons for being late" in text(visitor)
    go_on(visitor, "Appeal to an independent tribunal")
    seen(visitor, "disagree-late")
    go_on(visitor, late="I was in hospital.")
    tell_why(visitor)
    assert "First-tier Tribunal, which writes to you" in text(visitor)
    seen(visitor, "disagree-appeal")
    disagree(visitor, "Housing Benefit: £80.00")
    assert visitor.heading == "It is too late to appeal"
    seen(visitor, "disagree-too-late")


def test_council_tax_support_is_questioned_without_scripts(
    plain: Visitor, resident: Resident
) -> None:
    make_decisions(resident)
    plain.sign_in(resident)
    disagree(plain, "Council Tax Support")
    seen(plain, "disagree-support-why")
    plain.press("Continue")
    assert "Enter why you think that the decision is wrong" in text(plain)
    tell_why(plain)
    assert "appeal to the Valuation Tribunal yourself" in text(plain)
    seen(plain, "disagree-support")
    disagree(plain, "Council Tax Support")
    assert "You have asked this already" in text(plain)
    disagree(plain, "Crisis and Resilience Fund")
    tell_why(plain)
    assert "No tribunal decides about housing payments" in text(plain)
