"""/dev/post: the letters of the demo, and a bill to try linking with."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.linking import letters
from accounts.linking.claim import Claim
from accounts.models import Resident
from stockport import devpost
from stockport.demo.bill_to_link import bill_to_link
from stockport.outbox.actions import send_email
from stockport.outbox.connectors.email import message
from stockport.outbox.models import Delivery
from tests.accounts.linking import claim_of, letter_pin, make_account, make_person
from tests.client import PortalClient


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def claim(db: None) -> Claim:
    person = make_person()
    make_account(person)
    return claim_of(person)


def test_letter_with_a_pin_reads_like_a_letter(
    portal: PortalClient, resident: Resident, claim: Claim
) -> None:
    letters.ask_for_letter(resident=resident, claim=claim)
    message(Delivery.objects.get(kind="letter")).send()
    row = portal.get("/dev/post/").page.select("tbody a")[0]
    assert row.text == "Ms Ada Shaw"
    page = portal.get(row.get("href") or "").page
    paragraphs = [each.text for each in page.select(".portal-letter p")]
    assert "Ms Ada Shaw<br>1 Mill Lane<br>Stockport<br>SK1 3XE" in page.html
    assert f"Your PIN: {letter_pin()}" in paragraphs
    assert "Dear Ms Ada Shaw" in paragraphs and paragraphs[-1] == "Yours sincerely"


def test_bill_of_somebody_who_is_not_linked_is_there_from_the_start(portal: PortalClient) -> None:
    row = portal.get("/dev/post/").page.select("tbody a")[0]
    page = portal.get(row.get("href") or "").page
    bill = " ".join(each.text or "" for each in page.select(".portal-letter p"))
    number, key = bill_to_link().split("account number ")[1].split("\n")[0].split(", online key ")
    assert f"Account number: {number}" in bill and f"Online key: {key}" in bill


def test_other_mail_is_no_letter(portal: PortalClient, resident: Resident) -> None:
    message(send_email(to=resident.email, subject="Hello", body="Text")).send()
    assert len(portal.get("/dev/post/").page.select("tbody a")) == 1


@pytest.mark.django_db
def test_letter_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/dev/post/nothing/").status_code == 404


def test_post_has_no_address_outside_development(settings: Settings) -> None:
    settings.DEV_MAIL = False
    assert devpost.routes() == []
