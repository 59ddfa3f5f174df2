"""/dev/post: the letters of the demo, as they come through the letter box.

Whoever prints letters gets them by e-mail (docs/adr/0019); these pages read them among the e-mails
that were sent. A bill to try linking with is there from the start. Development only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse

from stockport import devmail
from stockport.components import Cell
from stockport.demo.bill_to_link import printed_bill
from stockport.readonly import readonly
from stockport.templatetags.portal import moment

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

BILL = "bill"


@dataclass(frozen=True)
class Letter:
    """A letter: its paragraphs, of which the first is whom it is to."""

    key: str
    text: str
    printed_at: datetime | None = None

    @property
    def paragraphs(self) -> list[str]:
        """What a blank line ends."""
        return [part.strip("\n") for part in self.text.split("\n\n") if part.strip()]

    @property
    def to(self) -> str:
        """The first line of the address."""
        return self.paragraphs[0].splitlines()[0]


def posted() -> list[Letter]:
    """What the print room got, newest first, and below it the bill."""
    sent = [mail for mail in devmail.sent() if mail.to == settings.LETTERS_EMAIL]
    letters = [Letter(mail.key, mail.body, mail.sent_at) for mail in sent]
    return [*letters, Letter(BILL, printed_bill())]


@login_not_required
@readonly
def index(request: HttpRequest) -> HttpResponse:
    """The letters, newest first."""
    rows = [
        [
            Cell(letter.to, href=reverse("dev-post-letter", args=[letter.key])),
            moment(letter.printed_at) if letter.printed_at else "With the demo",
        ]
        for letter in posted()
    ]
    return render(request, "dev/post.html", {"head": ["To", "Posted"], "rows": rows})


@login_not_required
@readonly
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """One letter; 404 where there is none."""
    letter = next((letter for letter in posted() if letter.key == key), None)
    if letter is None:
        raise Http404("There is no such letter.")
    return render(request, "dev/letter.html", {"letter": letter})


def routes() -> list[URLPattern]:
    """The pages where DEV_MAIL is set: in development, and nowhere else."""
    if not settings.DEV_MAIL:
        return []
    return [
        path("dev/post/", index, name="dev-post"),
        path("dev/post/<slug:key>/", letter, name="dev-post-letter"),
    ]
