"""What happened to somebody's records and who did it. The database keeps every row as it is."""

from __future__ import annotations

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.people import Person, PersonLink, Resident
from stockport.db import IsSha256

LOOKED, LISTED = "looked", "listed"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """What happened."""

    def for_resident(self, resident: Resident) -> AuditEventQuerySet:
        """What this resident did, and what was done to their account."""
        return self.filter(resident=resident)

    def about_resident(self, resident: Resident) -> AuditEventQuerySet:
        """The same, and what staff looked at of the people that the resident is linked to now."""
        theirs = PersonLink.objects.for_resident(resident).active().values("person_id")
        return self.filter(Q(resident=resident) | Q(kind=LOOKED, person_id__in=theirs))


class AuditEvent(models.Model):
    """One event. A trigger refuses every change but forgetting whose account it was.

    Whose it was stands in `about` too, hashed by the database with the row's own `salt`. Forgetting
    takes the salt away: the row can still be held against its seal, and tells nobody's name.
    """

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40, help_text="What happened, such as “link_made”.")
    resident = models.ForeignKey(
        Resident,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose account it is about.",
    )
    actor = models.ForeignKey(
        Resident,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who did it; empty where the portal did.",
    )
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    role = models.CharField(
        max_length=200, blank=True, help_text="The roles of the member of staff, at the time."
    )
    why = models.CharField(max_length=200, blank=True, help_text="In that person’s own words.")
    detail = models.CharField(
        max_length=500, blank=True, help_text="What it was done to, and how; no secret, no answer."
    )
    salt = models.UUIDField(null=True, editable=False)
    about = models.CharField(max_length=64, blank=True, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "at"], name="accounts_audit_of_resident"),
            models.Index(fields=["kind", "at"], name="accounts_audit_of_kind"),
            models.Index(fields=["person", "at"], name="accounts_audit_of_person"),
            models.Index(fields=["at"], name="accounts_audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.at:%d %B %Y, %H:%M}"

    @property
    def record(self) -> str:
        """What staff looked at, in words: council tax, account."""
        model = apps.get_model(self.detail.split(" ")[0])._meta
        return f"{model.app_config.verbose_name}, {model.verbose_name}".lower()


class AuditSeal(models.Model):
    """A batch of events and the hash that closes it, made with that of the batch before.

    Sealed by the clock (accounts/chain.py), so that nobody who writes an event waits for another.
    A trigger refuses every change.
    """

    number = models.PositiveIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    events = ArrayField(models.BigIntegerField(), help_text="Their numbers, in order.")
    digests = ArrayField(models.CharField(max_length=64), help_text="The hash of each of them.")
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(events__len=F("digests__len"), events__len__gt=0),
                name="%(app_label)s_auditseal_digest_each",
                violation_error_message="A seal has one digest for each of its events.",
            ),
            models.CheckConstraint(
                condition=IsSha256("hash"),
                name="%(app_label)s_auditseal_hash_format",
                violation_error_message="A seal is a SHA-256 hash.",
            ),
            models.CheckConstraint(
                condition=Q(number=1, previous="") | Q(Q(number__gt=1), IsSha256("previous")),
                name="%(app_label)s_auditseal_follows",
                violation_error_message="Each seal but the first has the hash of the one before.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash}"
