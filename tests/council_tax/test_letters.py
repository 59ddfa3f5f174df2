"""Letters as files: who may see them, and how staff learn that one was not delivered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.models import Resident
from council_tax.models import Document, Opening
from council_tax.service import service
from stockport.letters.tasks import look_for_documents
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.council_tax import (
    LETTER,
    DocumentFactory,
    LiabilityFactory,
    household,
    person_of,
)
from tests.page import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def deliver(document: Document, content: bytes = LETTER) -> None:
    default_storage.save(document.storage_name, ContentFile(content))


def test_letter_is_seen_by_whom_it_is_addressed_to_and_not_by_the_other_who_is_liable(
    resident: Resident,
) -> None:
    account = household(resident)
    theirs = DocumentFactory(account=account, person=person_of(None))
    LiabilityFactory(account=account, person=theirs.person, role="joint")
    mine = Document.objects.for_resident(resident).get()
    assert mine.account == theirs.account
    assert mine != theirs


def test_letter_is_not_seen_any_more_when_the_link_has_been_revoked(resident: Resident) -> None:
    household(resident)
    link = resident.person_links.get()
    link.revoked_at = link.linked_at
    link.save()
    assert not Document.objects.for_resident(resident).exists()


def test_letter_is_delivered_once_its_file_is_there() -> None:
    document = DocumentFactory()
    look_for_documents()
    assert not Document.objects.get().is_delivered
    deliver(document)
    look_for_documents()
    assert Document.objects.delivered().get().is_delivered
    assert not Document.objects.undelivered().exists()


@pytest.mark.parametrize("content", [b"short", LETTER.replace(b"printed", b"forged!")])
def test_another_file_under_its_name_is_not_the_letter(content: bytes) -> None:
    deliver(DocumentFactory(), content)
    look_for_documents()
    assert Document.objects.undelivered().exists()


def test_letter_that_the_back_office_replaces_is_looked_for_again() -> None:
    deliver(DocumentFactory())
    look_for_documents()
    Document.objects.update(sha256="0" * 64)
    assert Document.objects.undelivered().exists()


def test_command_says_how_many_files_are_missing(capsys: pytest.CaptureFixture[str]) -> None:
    deliver(DocumentFactory())
    DocumentFactory()
    with pytest.raises(CommandError, match=r"^1 are not there"):
        call_command("look_for_documents")
    assert capsys.readouterr().out == "1 found.\n"


def test_staff_list_the_letters_that_were_not_delivered() -> None:
    here, missing = DocumentFactory(), DocumentFactory()
    deliver(here)
    look_for_documents()
    staff = PortalClient()
    staff.sign_in(ResidentFactory(staff=True))
    for value, expected in [("missing", missing), ("here", here)]:
        answer = staff.get("/admin/council_tax/document/", {"file": value})
        assert list(answer.context["cl"].queryset) == [expected]
    page = staff.get(f"/admin/council_tax/account/{missing.account_id}/change/").content.decode()
    assert "icon-no" in page


@pytest.fixture
def mine(portal: PortalClient, resident: Resident) -> Document:
    """A bill that is here, addressed to the resident who has signed in."""
    household(resident)
    document = Document.objects.get()
    deliver(document)
    look_for_documents()
    portal.sign_in(resident)
    return document


def page_of(document: Document) -> str:
    return f"{document.account.get_absolute_url()}letters/{document.pk}/"


def test_letters_are_listed_by_the_year_that_they_are_about(
    mine: Document, portal: PortalClient
) -> None:
    newer = DocumentFactory(account=mine.account, person=mine.person, issued=date(2026, 5, 10))
    old = DocumentFactory(account=mine.account, person=mine.person, year="2025/26")
    DocumentFactory(account=mine.account)
    Document.objects.filter(pk=mine.pk).update(superseded_by=newer.reference)
    page = portal.get(f"{mine.account.get_absolute_url()}letters/").page
    assert [text_of(each) for each in page.select("main h2")] == ["About 2026/27", "About 2025/26"]
    assert [text_of(each) for each in page.select("main li")] == [
        "Bill, 10 May 2026 Not opened yet",
        "Bill, 14 March 2026 Replaced Not opened yet",
        "Bill, 14 March 2026 Not opened yet",
    ]
    replaced = portal.get(page_of(mine)).page
    assert page_of(newer) in [a.get("href") for a in replaced.select("main a")]
    assert "The file is not here yet." in portal.get(page_of(old)).page.text("main")


def test_letter_is_opened_and_the_first_time_is_kept(
    mine: Document, portal: PortalClient, resident: Resident
) -> None:
    answer = portal.post(page_of(mine))
    assert b"".join(answer) == LETTER
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    first = Opening.objects.for_resident(resident).get()
    assert b"".join(portal.post(page_of(mine))) == LETTER
    assert Opening.objects.get().opened_at == first.opened_at
    assert "You first opened it here on" in portal.get(page_of(mine)).page.text("main")
    assert dict(service.export(resident))["letters_opened"] != []
    assert service.erase(resident).deleted == 1


def test_letter_opens_only_for_its_addressee(mine: Document, portal: PortalClient) -> None:
    theirs = DocumentFactory(account=mine.account)
    LiabilityFactory(account=mine.account, person=theirs.person, role="joint")
    deliver(theirs)
    look_for_documents()
    assert portal.get(page_of(theirs)).status_code == 404
    assert portal.post(page_of(theirs)).status_code == 404
    assert not Opening.objects.exists()


def test_letter_whose_file_has_gone_is_not_found_and_not_called_opened(
    mine: Document, portal: PortalClient
) -> None:
    default_storage.delete(mine.storage_name)
    assert portal.post(page_of(mine)).status_code == 404
    assert not Opening.objects.exists()
