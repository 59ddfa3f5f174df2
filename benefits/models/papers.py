"""Papers that residents send because the council has asked for them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from benefits.rules import MOST_PAPERS
from stockport.outbox.connectors.attached import INFECTED

if TYPE_CHECKING:
    from accounts.models import Resident
    from benefits.models import EvidenceRequest


class SendingQuerySet(models.QuerySet["Sending"]):
    """What was sent."""

    def for_resident(self, resident: Resident) -> SendingQuerySet:
        """What this resident sent; a partner does not see it."""
        return self.filter(resident=resident)

    def of(self, request: EvidenceRequest) -> SendingQuerySet:
        """What was sent because of this request, the newest first."""
        return self.filter(
            claim_reference=request.claim.reference, request_reference=request.reference
        ).order_by("-created_at", "-pk")

    def with_progress(self) -> SendingQuerySet:
        """With `progress`: what the benefits team said of it or, before that, whether a file is
        `infected` and does not go, `waiting` to go, or all are `there`.
        """
        return self.annotate(progress=progress())


def progress() -> Case:
    """The expression of SendingQuerySet.with_progress."""
    unsent = Paper.objects.filter(sending=OuterRef("pk"), delivery__sent_at=None)
    return Case(
        When(~Q(status="received"), then=F("status")),
        When(Exists(unsent.filter(delivery__reason=INFECTED)), then=Value("infected")),
        When(Exists(unsent), then=Value("waiting")),
        default=Value("there"),
    )


class Sending(models.Model):
    """Papers that were sent together for one request, and what the benefits team says of them."""

    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Not good enough"

    reference = models.CharField(max_length=20, unique=True)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    # Not foreign keys: the next extract may remove the claim, and what was sent stays.
    claim_reference = models.CharField(max_length=20)
    request_reference = models.CharField(max_length=40)
    item = models.CharField(max_length=200, help_text="What was asked for.")
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    status_at = models.DateTimeField(default=timezone.now)
    message = models.TextField(blank=True, help_text="What the benefits team said last.")
    delivery = models.OneToOneField(
        "outbox.Delivery", on_delete=models.PROTECT, related_name="benefits_sending"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = SendingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["received", "accepted", "rejected"]),
                name="%(app_label)s_sending_status_known",
                violation_error_message="Use one of the known states of what was sent.",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(message=""),
                name="%(app_label)s_sending_rejected_for_a_reason",
                violation_error_message="What is not good enough says why.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("benefits:sent", args=[self.reference])


def private_path(paper: Paper, name: str = "") -> str:
    """Where the file goes: nothing that the resident typed is part of the path."""
    return f"benefits/{uuid.uuid4()}.{paper.kind}"


class PaperQuerySet(models.QuerySet["Paper"]):
    """Papers."""

    def for_resident(self, resident: Resident) -> PaperQuerySet:
        """What this resident added, sent or not; a partner does not see it."""
        return self.filter(resident=resident)

    def for_request(self, request: EvidenceRequest) -> PaperQuerySet:
        """What was added for this request."""
        return self.filter(
            claim_reference=request.claim.reference, request_reference=request.reference
        )

    def drafts(self) -> PaperQuerySet:
        """Those that are not sent yet, in order."""
        return self.filter(sending=None).order_by("position")

    def since(self, start: datetime) -> int:
        """How many were added since then."""
        return self.filter(created_at__gt=start).count()


class Paper(models.Model):
    """One file: a picture written anew as JPEG, or a PDF as it came. Private until it is sent."""

    class Kind(models.TextChoices):
        JPG = "jpg", "Picture"
        PDF = "pdf", "PDF"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    claim_reference = models.CharField(max_length=20)
    request_reference = models.CharField(max_length=40)
    sending = models.ForeignKey(
        Sending, on_delete=models.CASCADE, null=True, blank=True, related_name="papers"
    )
    delivery = models.OneToOneField(
        "outbox.Delivery",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="benefits_paper",
    )
    position = models.PositiveSmallIntegerField(help_text=f"1 to {MOST_PAPERS}.")
    kind = models.CharField(max_length=3, choices=Kind)
    name = models.CharField(max_length=40, help_text="As the resident knows the file.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file as it was sent.")
    file = models.FileField(upload_to=private_path)
    size = models.PositiveIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(file=""),
                name="%(app_label)s_paper_has_a_file",
                violation_error_message="A paper needs a file.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["jpg", "pdf"]),
                name="%(app_label)s_paper_kind_known",
                violation_error_message="A paper is a picture or a PDF.",
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_PAPERS),
                name="%(app_label)s_paper_position_known",
                violation_error_message=f"Up to {MOST_PAPERS} papers are sent at once.",
            ),
            models.CheckConstraint(
                condition=Q(sending=None, delivery=None)
                | Q(sending__isnull=False, delivery__isnull=False),
                name="%(app_label)s_paper_sent_has_a_delivery",
                violation_error_message="A paper that is sent has a delivery of its own.",
            ),
            models.UniqueConstraint(
                fields=["resident", "claim_reference", "request_reference", "position"],
                condition=Q(sending=None),
                name="%(app_label)s_paper_position_free",
                violation_error_message="There is a paper at this position.",
            ),
            models.UniqueConstraint(
                fields=["resident", "claim_reference", "request_reference", "digest"],
                condition=Q(sending=None),
                name="%(app_label)s_paper_once",
                violation_error_message="This file is there already.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(sending=None),
                name="benefits_paper_drafts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("benefits:paper", args=[self.public_id])
