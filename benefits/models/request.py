"""What residents tell the council about their claim, or ask of it (ADR 0029)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from stockport.requested import Requested, RequestQuerySet, RequestStatus, complete


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


class ClaimRequest(Requested):
    """One change or question for the benefits team; a partner does not see it."""

    team = "benefits team"

    kind = models.CharField(max_length=20, choices=RequestKind)
    # Not foreign keys: the next extract may remove the claim, and the request stays.
    claim_reference = models.CharField(max_length=20)
    decision_reference = models.CharField(
        max_length=40, blank=True, help_text="The decision that is questioned."
    )
    answers = models.JSONField(help_text="Of a bank account only how its number ends.")

    objects = RequestQuerySet["ClaimRequest"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RequestKind.values, status__in=RequestStatus.values),
                name="%(app_label)s_request_codes_known",
                violation_error_message="A kind and a status are among those listed.",
            ),
            models.CheckConstraint(
                condition=complete(ANSWERS),
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

    def get_absolute_url(self) -> str:
        return reverse("benefits:request", args=[self.reference])

    @property
    def is_change(self) -> bool:
        """Whether it tells of a change, and does not question a decision."""
        return self.kind in CHANGES
