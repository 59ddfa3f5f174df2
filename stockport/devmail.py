"""/dev/mail: what the portal would have sent, on a developer's machine only.

The worker writes each e-mail to a file (Django's file-based backend); these pages read them back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse

from stockport.components import Cell
from stockport.readonly import readonly
from stockport.templatetags.portal import moment

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    """One e-mail that was sent; `key` is its place in the folder."""

    key: str
    sent_at: datetime
    to: str
    subject: str
    body: str

    @property
    def links(self) -> list[str]:
        """The addresses in the text."""
        return re.findall(r"https?://\S+", self.body)


def read(key: str, content: bytes) -> Mail:
    """The e-mail in these bytes."""
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    text = message.get_body(("plain",))
    sent_at = parsedate_to_datetime(message["Date"])
    return Mail(
        key=key,
        # RFC 5322 writes -0000 for UTC where the sender's zone is not told; Python reads it naive.
        sent_at=sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC),
        to=message["To"],
        subject=message["Subject"],
        body=text.get_content() if text else "",
    )


def sent() -> list[Mail]:
    """Every e-mail in the folder, newest first: a file knows its time better than a header does."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda f: f.stat().st_mtime_ns)
    found = []
    for file in files:
        parts = [part for part in file.read_bytes().split(SEPARATOR) if part.strip()]
        found += [read(f"{file.stem}-{number}", part) for number, part in enumerate(parts)]
    return found[::-1]


@login_not_required
@readonly
def index(request: HttpRequest) -> HttpResponse:
    """What was sent, newest first."""
    rows = [
        [
            Cell(mail.subject, href=reverse("dev-mail-message", args=[mail.key])),
            mail.to,
            moment(mail.sent_at),
        ]
        for mail in sent()
    ]
    return render(request, "dev/mail.html", {"head": ["Subject", "To", "Sent"], "rows": rows})


@login_not_required
@readonly
def message(request: HttpRequest, key: str) -> HttpResponse:
    """The text of one e-mail; 404 where there is none."""
    mail = next((mail for mail in sent() if mail.key == key), None)
    if mail is None:
        raise Http404("There is no such e-mail.")
    return render(request, "dev/mail_message.html", {"mail": mail})


def routes() -> list[URLPattern]:
    """The pages where DEV_MAIL is set: in development, and nowhere else."""
    if not settings.DEV_MAIL:
        return []
    return [
        path("dev/mail/", index, name="dev-mail"),
        path("dev/mail/<slug:key>/", message, name="dev-mail-message"),
    ]
