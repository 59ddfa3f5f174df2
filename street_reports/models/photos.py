"""Photos of faults: kept in private storage, without what the camera wrote about the place."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from street_reports.models.reports import Report

if TYPE_CHECKING:
    from accounts.models import Resident


def private_path(photo: Photo, name: str) -> str:
    """Where the file goes: nothing that the resident typed is part of the path."""
    return f"street_reports/{uuid.uuid4()}.jpg"


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos."""

    def for_resident(self, resident: Resident) -> PhotoQuerySet:
        """What this resident added, sent or not."""
        return self.filter(resident=resident)

    def drafts(self) -> PhotoQuerySet:
        """Photos of a form that was not sent."""
        return self.filter(report=None)

    def of_form(self, token: uuid.UUID) -> PhotoQuerySet:
        """Drafts, and what this form sent: it may be sent twice."""
        return self.filter(Q(report=None) | Q(report__form_token=token))


class Photo(models.Model):
    """A photo, re-encoded as JPEG. Until the form is sent it belongs to no report."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, null=True, blank=True, related_name="photos"
    )
    file = models.FileField(upload_to=private_path)
    width = models.PositiveIntegerField(help_text="Pixels.")
    height = models.PositiveIntegerField(help_text="Pixels.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(file=""),
                name="%(app_label)s_photo_has_a_file",
                violation_error_message="A photo needs a file.",
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
