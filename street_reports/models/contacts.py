"""People without an account who reported a fault or met it: known by an e-mail address alone."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from street_reports import workflow
from street_reports.models.joining import Joined
from street_reports.models.reports import Report


def signer() -> Signer:
    """Signs the links in e-mails: who can read the database alone cannot make one."""
    return Signer(salt="street_reports.contact", sep=".")


class ContactQuerySet(models.QuerySet["Contact"]):
    """People without an account."""

    def of_link(self, secret: str) -> ContactQuerySet:
        """The one whose link it is; none for a link that we did not write."""
        try:
            return self.filter(public_id=uuid.UUID(signer().unsign(secret)))
        except (BadSignature, ValueError):
            return self.none()

    def outlived(self) -> ContactQuerySet:
        """Those whose report ended so long ago that nobody needs their address any more."""
        cutoff = timezone.now() - timedelta(days=settings.REPORT_EMAIL_DAYS)
        ended = self.filter(report__status__in=workflow.ENDED, report__created_at__lt=cutoff)
        lately = Q(report__updates__received_at__gte=cutoff) | Q(
            report__acts__created_at__gte=cutoff
        )
        return ended.exclude(pk__in=self.filter(lately).values("pk"))


class Contact(Joined):
    """Where to write about a report, to somebody who does not sign in.

    Who made the report has `is_reporter`; a trigger of the database refuses that where a resident
    made it (migration 0023). The others followed it. Staff may have taken down the address.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="contacts")
    email = models.EmailField("e-mail address", max_length=254)
    is_reporter = models.BooleanField("made the report", default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "email"],
                name="%(app_label)s_contact_once",
                violation_error_message="This address is known for this report already.",
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(is_reporter=True),
                name="%(app_label)s_contact_one_reporter",
                violation_error_message="One person made the report.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & ~Q(email=""),
                name="%(app_label)s_contact_email_lower_case",
                violation_error_message="Store an e-mail address, in lower case.",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="street_reports_contact_email")]

    def __str__(self) -> str:
        return f"{self.email}, {self.report_id}"

    def get_absolute_url(self) -> str:
        return reverse("street_reports:by_link", args=[self.secret])

    @property
    def secret(self) -> str:
        """What stands in the addresses of their pages."""
        return signer().sign(str(self.public_id))

    @property
    def stop_url(self) -> str:
        """Where they stop our e-mails."""
        return reverse("street_reports:stop", args=[self.secret])
