"""What the council has decided about a claim, and what it has asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from accounts.models import Resident
from benefits.models.awards import Kind
from benefits.models.claims import Claim
from benefits.models.papers import Sending, progress


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions."""

    def for_resident(self, resident: Resident) -> DecisionQuerySet:
        """Decisions about this resident's claims."""
        return self.filter(claim__in=Claim.objects.for_resident(resident))

    def newest_first(self) -> DecisionQuerySet:
        """The latest decision first."""
        return self.order_by("-decided", "-reference")


class Decision(models.Model):
    """One decision letter: from which day the award is how much, and why."""

    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="decisions", db_index=False
    )
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=3, choices=Kind)
    decided = models.DateField("date of the letter")
    start = models.DateField("takes effect on")
    weekly = models.DecimalField("pounds a week", max_digits=10, decimal_places=2)
    reason = models.CharField(max_length=300, help_text="A sentence for residents.")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "reference"],
                name="%(app_label)s_decision_reference_unique",
                violation_error_message="This claim already has this decision.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["hb", "cts", "crf", "dhp"]),
                name="%(app_label)s_decision_kind_known",
                violation_error_message="Use one of the known kinds of help.",
            ),
            models.CheckConstraint(
                condition=Q(weekly__gte=0),
                name="%(app_label)s_decision_not_negative",
                violation_error_message="An award cannot be less than nothing.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.decided}"


class EvidenceRequestQuerySet(models.QuerySet["EvidenceRequest"]):
    """What was asked for."""

    def for_resident(self, resident: Resident) -> EvidenceRequestQuerySet:
        """What was asked for under this resident's claims."""
        return self.filter(claim__in=Claim.objects.for_resident(resident))

    def with_sent_by(self, resident: Resident) -> EvidenceRequestQuerySet:
        """With `sent`: how far is what this resident sent last (Sending.with_progress)."""
        mine = Sending.objects.for_resident(resident).filter(
            claim_reference=OuterRef("claim__reference"), request_reference=OuterRef("reference")
        )
        latest = mine.order_by("-created_at", "-pk").values(how_far=progress())[:1]
        return self.annotate(sent=Subquery(latest))

    def soonest_first(self) -> EvidenceRequestQuerySet:
        """The first to be sent first."""
        return self.order_by(F("due").asc(nulls_last=True), "reference")


class EvidenceRequest(models.Model):
    """One thing that the council needs to see, and how far it is with it."""

    class State(models.TextChoices):
        ASKED = "asked", "Not sent yet"
        RECEIVED = "received", "We have it"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Not good enough"

    OPEN = (State.ASKED, State.REJECTED)

    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="evidence_requests", db_index=False
    )
    reference = models.CharField(max_length=40)
    item = models.CharField(max_length=200, help_text="Such as “Your bank statements”.")
    why = models.CharField(max_length=300, blank=True, help_text="A sentence for residents.")
    proofs = models.CharField(
        max_length=500, blank=True, help_text="Which papers count; semicolons part them."
    )
    asked = models.DateField()
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State)
    state_reason = models.CharField(
        max_length=300, blank=True, help_text="Why it is not good enough, in a sentence."
    )

    objects = EvidenceRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "reference"],
                name="%(app_label)s_evidence_reference_unique",
                violation_error_message="This claim already has this request.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "received", "accepted", "rejected"]),
                name="%(app_label)s_evidence_state_known",
                violation_error_message="Use one of the known states of a request.",
            ),
            models.CheckConstraint(
                condition=Q(due=None) | Q(due__gte=F("asked")),
                name="%(app_label)s_evidence_due_after_asked",
                violation_error_message="Nothing is due before it is asked for.",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(state_reason=""),
                name="%(app_label)s_evidence_rejected_for_a_reason",
                violation_error_message="What is not good enough says why.",
            ),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def is_open(self) -> bool:
        """Whether the resident has to send something."""
        return self.state in self.OPEN

    @property
    def accepted_proofs(self) -> list[str]:
        """The papers that count, one each."""
        return [proof.strip() for proof in self.proofs.split(";") if proof.strip()]
