"""What a resident reported."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from street_reports import workflow
from street_reports.models import answers
from street_reports.models.assets import Asset, Kind
from street_reports.models.closures import ClosureReason
from street_reports.models.duty import Duty
from street_reports.models.endings import ENDINGS
from street_reports.models.faults import FaultType
from street_reports.models.fixing import Fixing
from street_reports.models.owners import Owner
from street_reports.models.publishing import Publishing
from street_reports.models.report_sets import ReportQuerySet
from street_reports.rules import Point, place_for_others
from street_reports.workflow import Status

if TYPE_CHECKING:
    from accounts.models import Resident


class Report(Fixing, Duty, Publishing):
    """A fault that somebody told the council about. Erasure keeps it and removes the person.

    It is in a resident's account, or a Contact made it without one, or staff took it down from a
    caller who gave no address. None of these must be there for good: each of them may be erased.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who took it down from a caller. Residents never see this.",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    fault = models.ForeignKey(FaultType, on_delete=models.PROTECT, related_name="reports")
    # Its index is the one with the time below: the newest report of each of 500 assets on a map.
    asset = models.ForeignKey(
        Asset,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="reports",
    )
    location = models.CharField(max_length=400, help_text="Where it is, in words.")
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text="WGS84.")
    longitude = models.FloatField(null=True, blank=True, help_text="WGS84.")
    description = models.CharField(max_length=5000, blank=True)
    answers = models.JSONField(default=list, blank=True, help_text="See models/answers.py.")
    wants_updates = models.BooleanField("wants e-mails about progress", default=False)
    status = models.CharField(max_length=20, choices=Status, default=Status.RECEIVED)
    # Of the very way it ended: a foreign key of both columns sees to it (migration 0015).
    closure_reason = models.ForeignKey(
        ClosureReason,
        on_delete=models.PROTECT,
        to_field="slug",
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
    )
    owner = models.ForeignKey(
        Owner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose it is, where it is not the council’s.",
    )
    # Never into one that is merged itself, or of another kind: a trigger sees to it (0017).
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        help_text="The report of the same fault that stays.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(
        null=True, blank=True, help_text="The target of its fault, as it was when it was made."
    )
    form_token = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="The form that made it, sent once."
    )
    delivery = models.OneToOneField(
        "outbox.Delivery", on_delete=models.PROTECT, related_name="street_report"
    )
    # The delivery's own, which a foreign key of both columns sees to (migration 0014): what waits
    # for a team is counted and put in order without looking at half a million deliveries.
    destination = models.ForeignKey(
        "outbox.Destination",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="The team that deals with it.",
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "fault"],
                condition=Q(status__in=["received", "accepted", "planned"]),
                name="%(app_label)s_one_open_report",
                violation_error_message="This fault has already been reported.",
            ),
            models.UniqueConstraint(
                fields=["resident", "form_token"],
                nulls_distinct=False,  # nor is that of somebody without an account sent twice
                name="%(app_label)s_report_form_sent_once",
                violation_error_message="This report has already been sent.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="%(app_label)s_report_status_known",
                violation_error_message="A report has one of the known states.",
            ),
            models.CheckConstraint(
                condition=~Q(location=""),
                name="%(app_label)s_report_has_a_place",
                violation_error_message="Say where the fault is.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="%(app_label)s_report_point_whole",
                violation_error_message="A point has a latitude and a longitude.",
            ),
            *ENDINGS,
            models.CheckConstraint(
                condition=answers.are_whole("answers"),
                name="%(app_label)s_report_answers_whole",
                violation_error_message="An answer has its question and its words.",
            ),
            *Fixing.Meta.constraints,
        ]
        permissions = [("report_for_caller", "Can report a fault for a caller")]
        indexes = [
            *Fixing.Meta.indexes,
            *Publishing.Meta.indexes,
            models.Index(fields=["resident", "-created_at"], name="street_reports_report_mine"),
            models.Index(fields=["asset", "-created_at"], name="street_reports_report_newest"),
            models.Index(
                fields=["kind", "latitude", "longitude"],
                condition=Q(status__in=["received", "accepted", "planned"]),
                name="street_reports_report_near",
            ),
            models.Index(
                fields=["due_on", "created_at"],
                condition=Q(status__in=["received", "accepted", "planned"]),
                name="street_reports_report_queue",
            ),
            models.Index(
                fields=["destination", "due_on", "created_at"],
                condition=Q(status__in=["received", "accepted", "planned"]),
                name="street_reports_report_of_team",
            ),
            models.Index(fields=["-created_at"], name="street_reports_report_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.location}"

    def get_absolute_url(self) -> str:
        return reverse("street_reports:report", args=[self.public_id])

    @property
    def question_url(self) -> str:
        """Where people say whether it is fixed."""
        return reverse("street_reports:fixed", args=[self.public_id])

    def confirmed_at(self, resident: Resident | None) -> str:
        """The address that confirms a form: of what was sent, or of what is followed instead."""
        page = "submitted" if resident and self.resident_id == resident.pk else "report"
        return reverse(f"street_reports:{page}", args=[self.public_id])

    @property
    def is_open(self) -> bool:
        """Whether something still has to be done."""
        return self.status in workflow.OPEN

    def is_seen_by(self, resident: Resident) -> bool:
        """Whether this resident made it or follows it."""
        is_own = self.resident_id == resident.pk
        return is_own or self.followers.for_resident(resident).exists()

    @property
    def point(self) -> Point | None:
        """Where it is, if that is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)

    def metres_from(self, point: Point) -> int:
        """How far its place is from the point, which it must have."""
        return point.metres_to(Point(self.latitude or 0, self.longitude or 0))

    @property
    def place_for_others(self) -> str:
        """Where it is, without the words of who reported it: an asset, or near a postcode."""
        return place_for_others(self.asset_id, self.location, self.postcode)

    def place_for(self, resident: Resident) -> str:
        """Where it is, in the words that this resident may read."""
        return self.location if self.resident_id == resident.pk else self.place_for_others

    @property
    def is_overdue(self) -> bool:
        """Whether it is open after the day that it was expected to be dealt with."""
        return self.is_open and self.due_on is not None and timezone.localdate() > self.due_on

    @property
    def days_late(self) -> int:
        """How many days after that day it is still open; 0 where it is not late."""
        if not self.is_overdue or self.due_on is None:
            return 0
        return (timezone.localdate() - self.due_on).days

    @property
    def team(self) -> str:
        """Who deals with it, as residents know them: “street lighting team”."""
        return self.delivery.destination.name

    def move_to(self, status: str, *, reason: str = "", owner: Owner | None = None) -> None:
        """Save the new state; raises workflow.NotAllowed where the workflow has no such step.

        What ends has a reason, a slug of ClosureReason: the one for “nobody said” unless given.
        """
        if self.merged_into_id is not None:
            raise workflow.NotAllowed("It is part of another report.")
        workflow.check(self.status, status)
        self.status = status
        self.fixed_at = timezone.now() if status == Status.FIXED else None
        self.reminded_at = None
        self.explain(reason=reason, owner=owner)

    def separate(self, status: str) -> None:
        """Save that it is part of no other report, and open as it was: no step of the workflow."""
        self.merged_into, self.status = None, status
        self.closure_reason = self.owner = None
        self.changed_at = timezone.now()
        self.save(update_fields=["merged_into", "status", "closure_reason", "owner", "changed_at"])

    def explain(self, *, reason: str = "", owner: Owner | None = None) -> None:
        """Save why it ended in its present state, and whose it is."""
        owned = workflow.SOMEBODY_ELSES if owner else ""
        reason = reason or owned or workflow.UNEXPLAINED.get(Status(self.status), "")
        # The slug is the key, so the reason itself need not be asked for.
        self.closure_reason_id = reason or None
        self.owner = owner
        self.changed_at = timezone.now()
        fields = ["status", "closure_reason", "owner", "fixed_at", "reminded_at", "changed_at"]
        self.save(update_fields=fields)
