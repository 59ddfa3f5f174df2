"""What a resident has told the council, or asked of it, about an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from council_tax.models.fields import known

if TYPE_CHECKING:
    from accounts.models import Resident


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


class RequestStatus(models.TextChoices):
    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Being dealt with"
    DONE = "done", "Done"
    REFUSED = "refused", "Not agreed"


OPEN = (RequestStatus.RECEIVED, RequestStatus.ACCEPTED)


def _complete() -> Q:
    """Each kind has the answers that it must have."""
    complete = Q()
    for kind, names in ANSWERS.items():
        complete |= Q(kind=str(kind), answers__has_keys=list(names))
    return complete


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests."""

    def for_resident(self, resident: Resident) -> RequestQuerySet:
        """What this resident asked; somebody else who is liable does not see it."""
        return self.filter(resident=resident)

    def open(self) -> RequestQuerySet:
        """Those that the council has not answered."""
        return self.filter(status__in=OPEN)

    def newest(self) -> RequestQuerySet:
        """The newest first, with what says what each is and how far it is, and nothing else."""
        shown = ("reference", "kind", "status", "created_at", "delivery__sent_at")
        return self.select_related("delivery").only(*shown).order_by("-created_at", "-pk")


class Request(models.Model):
    """One request, which leaves through the outbox for the revenues team."""

    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    # Not foreign keys: the next extract may remove the account, and the request stays.
    account_reference = models.CharField(max_length=20)
    person_reference = models.CharField(max_length=40)
    answers = models.JSONField()
    summary = models.JSONField(help_text="Questions and answers as they were read.")
    form_token = models.UUIDField(unique=True, help_text="The same form again is this request.")
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.RECEIVED)
    status_at = models.DateTimeField(default=timezone.now)
    message = models.TextField(blank=True, help_text="What the revenues team said last.")
    delivery = models.OneToOneField(
        "outbox.Delivery", on_delete=models.PROTECT, related_name="council_tax_request"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("kind", Kind) & known("status", RequestStatus),
                name="%(app_label)s_request_codes_known",
                violation_error_message="A kind and a status are among those listed.",
            ),
            models.CheckConstraint(
                condition=_complete(),
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

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("council_tax:request", args=[self.reference])
