"""Letters about a claim: each opens only for whom it is addressed to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.template.loader import get_template

from accounts.models import Resident
from benefits.models import Claim, ClaimMember, Document, Opening
from benefits.service import service
from stockport.letters.tasks import look_for_documents
from tests.client import PortalClient
from tests.factories.accounts import PersonLinkFactory, ResidentFactory
from tests.factories.benefits import LETTER, ClaimFactory, ClaimMemberFactory, DocumentFactory
from tests.page import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def deliver(*documents: Document) -> None:
    """The benefits team's printer puts the files where the portal finds them."""
    for document in documents:
        default_storage.save(document.storage_name, ContentFile(LETTER))
    look_for_documents()


@pytest.fixture
def claimant() -> Resident:
    resident: Resident = PersonLinkFactory.create().resident
    return resident


@pytest.fixture
def claim(claimant: Resident) -> Claim:
    return ClaimFactory.create(person=claimant.person_links.get().person)


@pytest.fixture
def mine(portal: PortalClient, claimant: Resident, claim: Claim) -> Document:
    """A decision letter that is here, addressed to the claimant, who has signed in."""
    document = DocumentFactory.create(claim=claim)
    deliver(document)
    portal.sign_in(claimant)
    return document


@pytest.fixture
def partner(claim: Claim) -> ClaimMember:
    """The partner of a joint claim, which both of them see."""
    return ClaimMemberFactory.create(claim=claim, sharing=True)


def test_letters_are_listed_by_the_year_that_they_are_about(
    portal: PortalClient, mine: Document, claim: Claim
) -> None:
    newer = DocumentFactory.create(claim=claim, issued=date(2026, 5, 10))
    old = DocumentFactory.create(claim=claim, year="2025/26", type="overpayment")
    Document.objects.filter(pk=mine.pk).update(superseded_by=newer.reference)
    page = portal.get(f"{claim.get_absolute_url()}letters/").page
    assert [text_of(each) for each in page.select("main h2")] == ["About 2026/27", "About 2025/26"]
    assert [text_of(each) for each in page.select("main li")] == [
        "Decision letter, 10 May 2026 Not opened yet",
        "Decision letter, 14 March 2026 Replaced Not opened yet",
        "Overpayment letter, 14 March 2026 Not opened yet",
    ]
    replaced = portal.get(mine.get_absolute_url()).page
    assert newer.get_absolute_url() in [a.get("href") for a in replaced.select("main a")]
    assert "The file is not here yet." in portal.get(old.get_absolute_url()).page.text("main")


def test_letter_is_opened_and_the_first_time_is_kept(
    portal: PortalClient, mine: Document, claimant: Resident
) -> None:
    answer = portal.post(mine.get_absolute_url())
    assert b"".join(answer) == LETTER
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    first = Opening.objects.for_resident(claimant).get()
    assert b"".join(portal.post(mine.get_absolute_url())) == LETTER
    assert Opening.objects.get().opened_at == first.opened_at
    page = portal.get(mine.get_absolute_url()).page
    assert "You first opened it here on" in page.text("main")
    assert dict(service.export(claimant))["letters_opened"] != []
    assert service.erase(claimant).deleted == 1


def test_each_of_a_couple_opens_their_own_letters_and_not_the_others(
    portal: PortalClient, mine: Document, partner: ClaimMember
) -> None:
    theirs = DocumentFactory.create(claim=mine.claim, person=partner.person)
    deliver(theirs)
    assert portal.get(theirs.get_absolute_url()).status_code == 404
    assert portal.post(theirs.get_absolute_url()).status_code == 404
    other = PortalClient()
    other.sign_in(PersonLinkFactory.create(person=partner.person).resident)
    assert b"".join(other.post(theirs.get_absolute_url())) == LETTER
    assert other.post(mine.get_absolute_url()).status_code == 404
    assert Opening.objects.count() == 1


def test_former_partner_opens_no_letter_of_the_claim_any_more(
    portal: PortalClient, partner: ClaimMember
) -> None:
    theirs = DocumentFactory.create(claim=partner.claim, person=partner.person)
    deliver(theirs)
    portal.sign_in(PersonLinkFactory.create(person=partner.person).resident)
    assert portal.get(theirs.get_absolute_url()).status_code == 200
    ClaimMember.objects.update(end=date(2026, 10, 1), may_see=False)
    assert portal.get(theirs.get_absolute_url()).status_code == 404
    assert portal.post(theirs.get_absolute_url()).status_code == 404


def test_letter_of_another_claim_is_not_opened_under_ones_own(
    portal: PortalClient, mine: Document
) -> None:
    other = DocumentFactory.create()
    deliver(other)
    address = mine.get_absolute_url().replace(str(mine.pk), str(other.pk))
    assert portal.post(address).status_code == 404


def test_letter_whose_file_has_gone_is_not_found_and_not_called_opened(
    portal: PortalClient, mine: Document
) -> None:
    default_storage.delete(mine.storage_name)
    assert portal.post(mine.get_absolute_url()).status_code == 404
    assert not Opening.objects.exists()


def test_staff_see_which_letters_are_not_there(mine: Document) -> None:
    missing = DocumentFactory.create(claim=mine.claim)
    with pytest.raises(CommandError, match=r"^1 are not there"):
        call_command("look_for_documents")
    staff = PortalClient()
    staff.sign_in(ResidentFactory.create(staff=True))
    for value, expected in [("missing", missing), ("here", mine)]:
        answer = staff.get("/admin/benefits/document/", {"file": value})
        assert list(answer.context["cl"].queryset) == [expected]


def test_no_email_carries_an_amount_of_money() -> None:
    folder = Path(get_template("base.html").origin.name).parent
    texts = [*folder.rglob("*.txt"), *folder.glob("**/email/*.html")]
    assert texts
    assert [text for text in texts if "pounds" in text.read_text() or "£" in text.read_text()] == []
