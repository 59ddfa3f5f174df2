"""Photos of faults: kept in private storage, without what the camera wrote about the place."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from street_reports.models.api_keys import ApiKey
from street_reports.models.drafts import Draft
from street_reports.models.reports import Report
from street_reports.rules import MOST_PHOTOS

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Resident


def private_path(photo: Photo, name: str = "") -> str:
    """Where the file goes: nothing that the resident typed is part of the path."""
    return f"street_reports/{uuid.uuid4()}.jpg"


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos."""

    def for_resident(self, resident: Resident) -> PhotoQuerySet:
        """What this resident added, sent or not."""
        return self.filter(resident=resident)

    def from_apps(self) -> PhotoQuerySet:
        """What other people's apps brought, who are nobody's account."""
        return self.filter(source__isnull=False)

    def drafts(self) -> PhotoQuerySet:
        """Photos of a form that was not sent."""
        return self.filter(report=None)

    def of_no_draft(self) -> PhotoQuerySet:
        """Those that were not sent and are not kept in the account: only a session knew them."""
        kept = Draft.objects.filter(resident=OuterRef("resident"), key=OuterRef("form_token"))
        return self.drafts().exclude(Exists(kept.filter(report=None)))

    def of_form(self, token: uuid.UUID) -> PhotoQuerySet:
        """The photos of a form, and of the report that it became."""
        return self.filter(form_token=token)

    def in_order(self) -> PhotoQuerySet:
        """As the pages number them."""
        return self.order_by("position")

    def public(self) -> PhotoQuerySet:
        """Those that staff have approved, of reports that are not private."""
        return self.filter(approved_at__isnull=False, report__is_private=False)

    def since(self, start: datetime) -> int:
        """How many were added since then."""
        return self.filter(created_at__gt=start).count()


class Photo(models.Model):
    """A photo, re-encoded as JPEG. Until the form is sent it belongs to no report.

    A resident added it, or somebody's app brought it with a report.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        ApiKey,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose app brought it (Open311).",
    )
    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, null=True, blank=True, related_name="photos"
    )
    form_token = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="The form that it was added to."
    )
    position = models.PositiveSmallIntegerField(help_text=f"1 to {MOST_PHOTOS}.")
    digest = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of the file as it was sent."
    )
    file = models.FileField(upload_to=private_path)
    size = models.PositiveIntegerField(help_text="Bytes.")
    width = models.PositiveIntegerField(help_text="Pixels.")
    height = models.PositiveIntegerField(help_text="Pixels.")
    created_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(
        "approved for the public",
        null=True,
        blank=True,
        help_text="Empty: only staff and its owner see it.",
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resident__isnull=False, source=None)
                | Q(resident=None, source__isnull=False),
                name="%(app_label)s_photo_from_one",
                violation_error_message="A photo is from a resident or from somebody’s app.",
            ),
            models.CheckConstraint(
                condition=~Q(file=""),
                name="%(app_label)s_photo_has_a_file",
                violation_error_message="A photo needs a file.",
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_PHOTOS),
                name="%(app_label)s_photo_position_known",
                violation_error_message=f"A report takes up to {MOST_PHOTOS} photos.",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(report__isnull=False),
                name="%(app_label)s_photo_approved_of_report",
                violation_error_message="Only a photo that was sent can be approved.",
            ),
            models.UniqueConstraint(
                fields=["resident", "form_token", "position"],
                nulls_distinct=False,
                name="%(app_label)s_photo_position_of_form",
                violation_error_message="The form has a photo at this position.",
            ),
            models.UniqueConstraint(
                fields=["report", "position"],
                name="%(app_label)s_photo_position_of_report",
                violation_error_message="The report has a photo at this position.",
            ),
            models.UniqueConstraint(
                fields=["resident", "form_token", "digest"],
                nulls_distinct=False,
                name="%(app_label)s_photo_once_per_form",
                violation_error_message="The form has this photo already.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(report=None),
                name="street_reports_photo_drafts",
            ),
        ]

    def __str__(self) -> str:
        return f"Photo {self.public_id}"

    def get_absolute_url(self) -> str:
        return reverse("street_reports:photo", args=[self.public_id])
