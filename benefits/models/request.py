"""What residents tell the council about their claim, or ask of it (ADR 0029)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import Resident


class RequestKind(models.TextChoices):
    """The changes that must be told, and the ways to question a decision."""

    RENT = "rent", "My rent has changed"
    INCOME = "income", "Income has started, stopped or changed"
    HOUSEHOLD = "household", "Somebody has joined or left my household"
    ADDRESS = "address", "I have moved, or am going to"
    BANK = "bank", "Pay me into another bank account"
    LOOK_AGAIN = "look_again", "Look again at a Housing Benefit decision"
    APPEAL = "appeal", "Appeal against a Housing Benefit decision"
    SUPPORT = "support", "Look again at a Council Tax Support decision"
    FUND = "fund", "Look again at a decision about a housing payment"


CHANGES = (
    *(RequestKind.RENT, RequestKind.INCOME, RequestKind.HOUSEHOLD),
    *(RequestKind.ADDRESS, RequestKind.BANK),
)
# What each kind must say: the names in `answers`.
ANSWERS: dict[str, tuple[str, ...]] = {
    RequestKind.RENT: ("rent", "every", "since"),
    RequestKind.INCOME: ("source", "happened", "since"),
    RequestKind.HOUSEHOLD: ("event", "name", "on"),
    RequestKind.ADDRESS: ("new_address", "moved_on", "renting"),
    RequestKind.BANK: ("holder", "ending"),
    RequestKind.LOOK_AGAIN: ("decided", "why"),
    RequestKind.APPEAL: ("decided", "why"),
    RequestKind.SUPPORT: ("decided", "why"),
    RequestKind.FUND: ("decided", "why"),
}


class RequestStatus(models.TextChoices):
    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Being dealt with"
    DONE = "done", "Done"
    REFUSED = "refused", "Not agreed"


def _complete() -> Q:
    """Each kind has the answers that it must have."""
    complete = Q()
    for kind, names in ANSWERS.items():
        complete |= Q(kind=str(kind), answers__has_keys=list(names))
    return complete


class ClaimRequestQuerySet(models.QuerySet["ClaimRequest"]):
    """Requests."""

    def for_resident(self, resident: Resident) -> ClaimRequestQuerySet:
        """What this resident told or asked; a partner does not see it."""
        return self.filter(resident=resident)

    def open(self) -> ClaimRequestQuerySet:
        """Those that the council has not answered."""
        return self.filter(status__in=[RequestStatus.RECEIVED, RequestStatus.ACCEPTED])


class ClaimRequest(models.Model):
    """One change or question, which leaves through the outbox for the benefits team."""

    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=RequestKind)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    # Not foreign keys: the next extract may remove the claim, and the request stays.
    claim_reference = models.CharField(max_length=20)
    decision_reference = models.CharField(
        max_length=40, blank=True, help_text="The decision that is questioned."
    )
    person_reference = models.CharField(max_length=40)
    answers = models.JSONField(help_text="Of a bank account only how its number ends.")
    summary = models.JSONField(help_text="Questions and answers as they were read.")
    form_token = models.UUIDField(unique=True, help_text="The same form again is this request.")
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.RECEIVED)
    status_at = models.DateTimeField(default=timezone.now)
    message = models.TextField(blank=True, help_text="What the benefits team said last.")
    delivery = models.OneToOneField(
        "outbox.Delivery", on_delete=models.PROTECT, related_name="benefits_request"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ClaimRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RequestKind.values, status__in=RequestStatus.values),
                name="%(app_label)s_request_codes_known",
                violation_error_message="A kind and a status are among those listed.",
            ),
            models.CheckConstraint(
                condition=_complete(),
                name="%(app_label)s_request_answers_complete",
                violation_error_message="A request has every answer that its kind needs.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[*CHANGES], decision_reference="")
                | (~Q(kind__in=[*CHANGES]) & ~Q(decision_reference="")),
                name="%(app_label)s_request_names_its_decision",
                violation_error_message="Who questions a decision says which one.",
            ),
            models.CheckConstraint(
                condition=~Q(answers__has_any_keys=["account", "sort_code"]),
                name="%(app_label)s_request_no_bank_number",
                violation_error_message="The number of a bank account is kept sealed only.",
            ),
            # Other changes may come twice: two wages, two children.
            models.UniqueConstraint(
                fields=["resident", "claim_reference", "decision_reference", "kind"],
                condition=Q(status__in=["received", "accepted"])
                & ~Q(kind__in=["rent", "income", "household", "address"]),
                name="%(app_label)s_request_one_open",
                violation_error_message="There is an open request of this kind already.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("benefits:request", args=[self.reference])

    @property
    def is_change(self) -> bool:
        """Whether it tells of a change, and does not question a decision."""
        return self.kind in CHANGES
