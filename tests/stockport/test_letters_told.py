"""Whoever may open a letter that has come is told by e-mail, and nothing of what it says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from accounts.models import Resident
from stockport.letters import finding
from stockport.letters.finding import look_for_documents
from stockport.letters.models import Letter
from stockport.outbox.models import Delivery
from tests.factories.accounts import PersonLinkFactory, ResidentFactory
from tests.factories.benefits import LETTER as BENEFIT_LETTER
from tests.factories.benefits import ClaimFactory, ClaimMemberFactory
from tests.factories.benefits import DocumentFactory as BenefitLetterFactory
from tests.factories.council_tax import LETTER, DocumentFactory, household

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
ISSUED = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def come(letter: Letter, content: bytes = LETTER) -> None:
    """The council's printer puts the file where the portal looks for it."""
    default_storage.save(letter.storage_name, ContentFile(content))


def bill(resident: Resident, issued: date = ISSUED) -> Letter:
    """A bill of somebody's account, whose file has come."""
    account = household(resident)
    account.documents.all().delete()
    person = resident.person_links.get().person
    document: Letter = DocumentFactory.create(account=account, person=person, issued=issued)
    come(document)
    return document


def told() -> list[str]:
    """Look for letters today; to whom an e-mail goes."""
    with time_machine.travel(TODAY):
        look_for_documents()
    mails = Delivery.objects.filter(kind="email").order_by("resident")
    return [address for mail in mails for address in mail.payload["to"]]


def test_resident_is_told_of_a_bill_once_and_not_what_it_says(resident: Resident) -> None:
    document = bill(resident)
    assert told() == [resident.email]
    assert told() == [resident.email]
    mail = Delivery.objects.get()
    assert mail.payload["subject"] == "You have a new letter"
    assert mail.resident == resident
    said = mail.payload["body"].lower()
    assert "/dashboard/" in said
    for word in ("£", "bill", "tax", "benefit", "20 november", document.reference.lower()):
        assert not re.search(rf"\b{word}" if word.isalpha() else word, said), word


def test_several_letters_that_come_together_are_one_email(resident: Resident) -> None:
    bill(resident)
    claim = ClaimFactory.create(person=resident.person_links.get().person)
    for reference in ("L1", "L2"):
        letter = BenefitLetterFactory.create(claim=claim, reference=reference, issued=ISSUED)
        come(letter, BENEFIT_LETTER)
    assert told() == [resident.email]


def test_old_letters_of_a_first_load_are_no_news(resident: Resident) -> None:
    bill(resident, issued=date(2026, 11, 8))
    assert told() == []


def test_letter_whose_file_is_replaced_is_told_once(resident: Resident) -> None:
    document = bill(resident)
    told()
    type(document).objects.update(found_sha256="0" * 64)  # as another file of it was found before
    assert told() == [resident.email]
    assert type(document).objects.delivered().exists()


def test_who_may_not_open_it_is_not_told(resident: Resident) -> None:
    document = bill(resident)
    ended = PersonLinkFactory.create(person=document.person)
    ended.revoked_at = ended.linked_at
    ended.save()
    ResidentFactory.create()
    assert told() == [resident.email]


@pytest.mark.parametrize(("may_see", "emails"), [(True, 1), (False, 0)])
def test_partner_is_told_of_their_own_letter_until_they_part(may_see: bool, emails: int) -> None:
    partner = ClaimMemberFactory.create(sharing=True, may_see=may_see)
    PersonLinkFactory.create(person=partner.person)
    PersonLinkFactory.create(person=partner.claim.person)
    letter = BenefitLetterFactory.create(claim=partner.claim, person=partner.person, issued=ISSUED)
    come(letter, BENEFIT_LETTER)
    assert len(told()) == emails
    assert type(letter).objects.delivered().exists()


def test_letter_that_somebody_else_has_just_noted_is_not_told_again(resident: Resident) -> None:
    document = bill(resident)
    letters = type(document).objects.all()
    with time_machine.travel(TODAY):
        assert [finding._note(letters, document, set()) for _ in range(2)] == [1, 0]
    assert Delivery.objects.filter(kind="email").count() == 1
