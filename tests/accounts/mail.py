"""What the portal has put into the outbox for an address."""

import re

from stockport.outbox.models import Delivery


def mails_to(email: str) -> list[dict[str, str]]:
    """The e-mails to this address, oldest first."""
    deliveries = Delivery.objects.filter(kind="email").order_by("created_at")
    return [d.payload for d in deliveries if d.payload["to"] == [email]]


def last_mail_to(email: str) -> dict[str, str]:
    return mails_to(email)[-1]


def code_sent_to(email: str) -> str:
    return re.search(r"\b\d{6}\b", last_mail_to(email)["body"]).group()


def link_sent_to(email: str) -> str:
    """The path of the first link in the last e-mail."""
    return re.search(r"https?://[^/\s]+(/\S*)", last_mail_to(email)["body"]).group(1)
