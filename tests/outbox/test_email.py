"""E-mail leaves through the outbox."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from stockport.outbox.actions import send_email
from stockport.outbox.delivering import drain
from stockport.outbox.models import Delivery, Destination
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory

pytestmark = pytest.mark.django_db


def send_due() -> None:
    drain(Destination.objects.get(slug="email").pk, seconds=5)


class FailingBackend(BaseEmailBackend):
    """A mail server that answers every message with `error`."""

    error: Exception

    def send_messages(self, email_messages):
        raise self.error


@pytest.fixture
def mail_server_says(settings, monkeypatch):
    def fail_with(error: Exception) -> None:
        monkeypatch.setattr(FailingBackend, "error", error, raising=False)
        settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"

    return fail_with


def test_email_is_sent_once_with_an_id_that_never_changes():
    delivery = send_email(to="ada@example.org", subject="Your\r\nbooking", body="See you.")
    send_due()
    send_due()
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "Your booking"
    assert str(delivery.pk) in message.extra_headers["Message-ID"]
    delivery.refresh_from_db()
    assert delivery.state == State.SENT
    assert delivery.sent_at is not None


def test_text_of_an_email_is_forgotten_once_it_is_sent():
    delivery = send_email(to="ada@example.org", subject="Reset", body="https://secret.link")
    send_due()
    delivery.refresh_from_db()
    assert delivery.payload == {"to": ["ada@example.org"], "subject": "Reset"}


def test_email_carries_its_attachment():
    calendar = {"name": "visit.ics", "type": "text/calendar", "content": "BEGIN:VCALENDAR"}
    send_email(to=["ada@example.org"], subject="Visit", body="See you.", attachments=[calendar])
    send_due()
    assert mail.outbox[0].attachments == [("visit.ics", "BEGIN:VCALENDAR", "text/calendar")]


def test_attachment_without_a_name_is_another_form_of_the_text():
    event = {"name": "", "type": "text/calendar; method=REQUEST", "content": "BEGIN:VCALENDAR"}
    send_email(to=["ada@example.org"], subject="Visit", body="See you.", attachments=[event])
    send_due()
    plain, calendar = mail.outbox[0].message().get_payload()
    assert plain.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"


def test_email_of_a_rolled_back_transaction_is_never_sent():
    with pytest.raises(RuntimeError), transaction.atomic():
        send_email(to="ada@example.org", subject="Hello", body="Hello.")
        raise RuntimeError
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPDataError(451, b"Try later"), State.RETRY),
        (smtplib.SMTPDataError(554, b"Spam"), State.DEAD),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"Busy")}), State.RETRY),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"Nobody here")}), State.DEAD),
        (ConnectionRefusedError(), State.RETRY),
        (smtplib.SMTPServerDisconnected("gone"), State.UNKNOWN),
        (TimeoutError("slow"), State.UNKNOWN),
    ],
)
def test_failure_of_the_mail_server_is_told_apart(mail_server_says, error, state):
    mail_server_says(error)
    delivery = DeliveryFactory(email=True)
    send_due()
    delivery.refresh_from_db()
    assert delivery.state == state


def test_email_that_cannot_be_written_needs_staff_and_is_not_tried_for_days():
    payload = {"to": ["ada@example.org\r\nBcc: all@example.org"], "subject": "Hi", "body": "Hi"}
    delivery = DeliveryFactory(email=True, payload=payload)
    send_due()
    delivery.refresh_from_db()
    assert (delivery.state, mail.outbox) == (State.DEAD, [])


def test_mail_server_that_refuses_our_password_pauses_all_email(mail_server_says):
    mail_server_says(smtplib.SMTPAuthenticationError(535, b"Bad credentials"))
    delivery = DeliveryFactory(email=True)
    send_due()
    delivery.refresh_from_db()
    assert delivery.state == State.RETRY
    assert delivery.destination.paused_at is not None
