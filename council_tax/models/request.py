"""What a resident has told the council, or asked of it, about an account."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from council_tax.models.fields import known
from stockport.requested import Requested, RequestQuerySet, RequestStatus, complete


class Kind(models.TextChoices):
    MOVED = "moved", "I have moved home, or am going to"
    DISCOUNT_START = "discount_start", "I am the only adult who lives here"
    DISCOUNT_END = "discount_end", "I am no longer the only adult who lives here"
    DISABLED_BAND = "disabled_band", "My home is adapted for somebody who is disabled"
    INSTALMENTS = "instalments", "Pay in 10 or 12 instalments, or on another day"
    ARRANGEMENT = "arrangement", "Agree how to pay what is late"
    LOOKS_WRONG = "looks_wrong", "Something on my bill or account looks wrong"
    NO_ACCESS = "no_access", "I could not get into my account, and a payment is late because of it"
    PAPERLESS = "paperless", "Have bills on paper, or only online"


# What each kind must say: the names in `answers`.
ANSWERS: dict[str, tuple[str, ...]] = {
    Kind.MOVED: ("moved_on", "new_address"),
    Kind.DISCOUNT_START: ("alone_since",),
    Kind.DISCOUNT_END: ("joined_on",),
    Kind.DISABLED_BAND: ("feature",),
    Kind.INSTALMENTS: ("number", "day"),
    Kind.ARRANGEMENT: ("amount", "every"),
    Kind.LOOKS_WRONG: ("what",),
    Kind.NO_ACCESS: ("what",),
    Kind.PAPERLESS: ("bills",),
}


class Request(Requested):
    """One request to the revenues team."""

    team = "revenues team"

    kind = models.CharField(max_length=20, choices=Kind)
    # Not a foreign key: the next extract may remove the account, and the request stays.
    account_reference = models.CharField(max_length=20)
    answers = models.JSONField()

    objects = RequestQuerySet["Request"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("kind", Kind) & known("status", RequestStatus),
                name="%(app_label)s_request_codes_known",
                violation_error_message="A kind and a status are among those listed.",
            ),
            models.CheckConstraint(
                condition=complete(ANSWERS),
                name="%(app_label)s_request_answers_complete",
                violation_error_message="A request has every answer that its kind needs.",
            ),
            models.UniqueConstraint(
                fields=["resident", "account_reference", "kind"],
                condition=Q(status__in=["received", "accepted"]),
                name="%(app_label)s_request_one_open",
                violation_error_message="There is an open request of this kind already.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("council_tax:request", args=[self.reference])
