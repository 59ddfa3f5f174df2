"""What the e-mails about an account say, and that none is sent while somebody waits."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.adapter import Adapter
from accounts.models import Resident
from stockport.outbox.models import Delivery
from tests.accounts.mail import last_mail_to
from tests.client import PortalClient

ADDRESS = "o'hara+a&b@example.org"
WHEN = {"timestamp": datetime(2026, 7, 1, 9, 2, tzinfo=UTC)}
CONTEXT = {
    "account_already_exists": {},
    "email_changed": {"from_email": ADDRESS, "to_email": "new@example.org", **WHEN},
    "email_confirmation": {"code": "123456"},
    "email_confirmation_signup": {"code": "123456"},
    "password_changed": WHEN,
    "password_reset": WHEN,
    "password_reset_key": {"password_reset_url": "https://my.example/reset/"},
    "unknown_account": {},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CONTEXT)
def test_e_mail_is_plain_text_with_a_subject_and_a_sender(name: str, settings: Settings) -> None:
    settings.SITE_URL = "https://my.council.example"
    Adapter().send_mail(f"account/email/{name}", ADDRESS, CONTEXT[name])
    message = last_mail_to(ADDRESS)
    assert message["subject"]
    assert "\n" not in message["subject"]
    for left_over in ("{{", "{%", "&amp;", "&#", "localhost", "None"):
        assert left_over not in message["body"]
    assert message["body"].rstrip().endswith("Replies to it are not read.")
    assert settings.COUNCIL_NAME in message["body"]
    assert len(message["body"]) > 200


@pytest.mark.django_db
def test_e_mail_says_the_time_as_it_is_in_stockport() -> None:
    Adapter().send_mail("account/email/password_changed", ADDRESS, WHEN)
    assert "was changed on 1 July 2026 at 10:02am." in last_mail_to(ADDRESS)["body"]


def test_mail_waits_for_the_worker(portal: PortalClient, verified: Resident) -> None:
    portal.post(reverse("account_reset_password"), {"email": verified.email})
    assert mail.outbox == []
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.state) == ("email", "pending")
    assert delivery.resident == verified
