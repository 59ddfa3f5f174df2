"""/dev/mail: a developer reads what the portal has sent."""

import os
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from pytest_django.fixtures import Settings

from stockport import devmail
from tests.client import PortalClient


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path


def send(subject: str, body: str = "Text", folder: Path | None = None) -> None:
    """As the worker does: by Django's file-based backend."""
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    EmailMessage(subject, body, to=["ada@example.org"], connection=backend).send()


def test_developer_sees_sent_mail_newest_first(portal: PortalClient, tmp_path: Path) -> None:
    subjects = ["First", "Second", "Third", "Fourth"]
    for second, subject in enumerate(subjects):
        folder = tmp_path / subject  # two e-mails of one second may share a file
        send(subject, folder=folder)
        # A file system's clock is coarser than this loop: each file gets a second of its own.
        (file,) = folder.iterdir()
        os.utime(file, (second, second))
        file.rename(tmp_path / f"{subject}.log")
    page = portal.get("/dev/mail/").page
    assert [a.text for a in page.select("tbody a")] == subjects[::-1]


def test_developer_reads_one_message(portal: PortalClient) -> None:
    send("Dès demain", "Your code is 123456.\n\nGo to http://localhost:8000/account/?a=1&b=2")
    row = portal.get("/dev/mail/").page.select("tbody a")[0]
    page = portal.get(row.get("href") or "").page
    assert page.h1 == "Dès demain"
    assert "Your code is 123456." in page.html
    link = page.select('main a[href^="http"]')[0]
    assert link.get("href") == "http://localhost:8000/account/?a=1&b=2"


def test_two_messages_of_one_file_are_told_apart(portal: PortalClient) -> None:
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    backend.send_messages(
        [EmailMessage(subject, "Text", to=["ada@example.org"]) for subject in ("One", "Two")]
    )
    page = portal.get("/dev/mail/").page
    assert sorted(a.text or "" for a in page.select("tbody a")) == ["One", "Two"]


def test_mark_up_in_a_message_is_only_text(portal: PortalClient) -> None:
    send("<b>Bold</b>", "<script>alert(1)</script>")
    row = portal.get("/dev/mail/").page.select("tbody a")[0]
    assert portal.get(row.get("href") or "").page.h1 == "<b>Bold</b>"


def test_developer_is_told_when_nothing_was_sent(portal: PortalClient) -> None:
    assert "Nothing has been sent yet." in portal.get("/dev/mail/").page.html


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["nothing", "0", "..-0"])
def test_message_that_is_not_there_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/dev/mail/{key}/").status_code == 404


def test_sent_mail_has_no_address_outside_development(settings: Settings) -> None:
    settings.DEV_MAIL = False
    assert devmail.routes() == []
