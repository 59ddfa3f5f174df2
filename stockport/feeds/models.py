"""What arrived: each load of an extract, and the owners whose figures did not add up."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

ARRIVED_AS_LENGTH = 255


class FeedRunQuerySet(models.QuerySet["FeedRun"]):
    """Loads."""

    def loaded(self) -> FeedRunQuerySet:
        """Whole extracts whose figures residents see or saw.

        What was asked for one person does not count: nobody else's figures are of that time.
        """
        done = self.filter(state__in=[FeedRun.State.LOADED, FeedRun.State.UNCHANGED])
        return done.exclude(kind=FeedRun.Kind.PERSON)


class FeedRun(models.Model):
    """One try at loading an extract.

    Of one that could not be read, source, kind and time are unknown.
    """

    class Kind(models.TextChoices):
        FULL = "full", "Full"
        DELTA = "delta", "Changes only"
        PERSON = "person", "One person, asked for now"

    class State(models.TextChoices):
        RUNNING = "running", "Being loaded"
        LOADED = "loaded", "Loaded"
        UNCHANGED = "unchanged", "Loaded, nothing was different"
        REFUSED = "refused", "Refused: the old figures stay"
        FAILED = "failed", "Stopped by a fault: the old figures stay"

    source = models.CharField(max_length=40, blank=True)
    extracted_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    arrived_as = models.CharField(
        max_length=ARRIVED_AS_LENGTH, blank=True, help_text="The folder or zip file."
    )
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True, help_text="Per file: rows and changes.")
    reasons = models.JSONField(default=list, blank=True, help_text="Why it was refused.")

    objects = FeedRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["full", "delta", "person", ""])
                & Q(state__in=["running", "loaded", "unchanged", "refused", "failed"]),
                name="%(app_label)s_feedrun_codes_known",
                violation_error_message="A load has one of the kinds and states listed.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "failed"])
                | ~Q(source="") & ~Q(kind="") & Q(extracted_at__isnull=False),
                name="%(app_label)s_feedrun_known_if_loaded",
                violation_error_message="Only of a load that came to nothing may source, kind or"
                " time be unknown.",
            ),
            models.CheckConstraint(
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="%(app_label)s_feedrun_finished_has_time",
                violation_error_message="A load that is over says when it ended.",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reasons=[]),
                name="%(app_label)s_feedrun_refused_has_reasons",
                violation_error_message="A refused load says why.",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "-extracted_at"], name="feeds_feedrun_newest"),
            models.Index(fields=["-started_at"], name="feeds_feedrun_started"),
        ]

    def __str__(self) -> str:
        if self.extracted_at is None:
            return f"{self.source or self.arrived_as}, not read"
        return f"{self.source or self.arrived_as}, {self.extracted_at:%d %B %Y %H:%M}"


class QuarantineQuerySet(models.QuerySet["Quarantine"]):
    """Owners in quarantine."""

    def current(self) -> QuarantineQuerySet:
        """Those whose figures still do not add up."""
        return self.filter(released_at=None)


class Quarantine(models.Model):
    """An owner (an account, a claim) whose new figures are kept back, and why.

    Its resident keeps seeing the last good figures.
    """

    source = models.CharField(max_length=40)
    table = models.CharField("list", max_length=60, help_text="The file's name without .csv.")
    key = models.CharField("reference", max_length=60)
    reasons = models.JSONField(default=list)
    run = models.ForeignKey(
        FeedRun,
        on_delete=models.PROTECT,
        related_name="quarantined",
        help_text="The latest load that found it so.",
    )
    since = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "quarantine"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "table", "key"],
                condition=Q(released_at=None),
                name="%(app_label)s_quarantine_one_current",
                violation_error_message="It is already in quarantine.",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(released_at__gte=models.F("since")),
                name="%(app_label)s_quarantine_released_after_since",
                violation_error_message="It cannot leave quarantine before it went in.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class Confirmation(models.Model):
    """The time of the figures of many owners: one row for all that the newest extract confirmed.

    So an ordinary night writes one time, not that of every account. Owners whose figures are kept
    back, and those asked for in between, have rows of their own.
    """

    source = models.CharField(max_length=40)
    table = models.CharField("list", max_length=60, help_text="The file's name without .csv.")
    at = models.DateTimeField("figures as at")
    is_newest = models.BooleanField("of the newest extract", default=False)

    class Meta:
        verbose_name = "time of figures"
        verbose_name_plural = "times of figures"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "table"],
                condition=Q(is_newest=True),
                name="%(app_label)s_confirmation_one_newest",
                violation_error_message="There is one newest extract of each list.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} of {self.source}, {self.at:%d %B %Y %H:%M}"


class Confirmed(models.Model):
    """What an extract lists and confirms each night, such as an account."""

    confirmation = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def as_at(self) -> datetime:
        """The time that the figures are from."""
        return self.confirmation.at


def loaded_up_to(source: str) -> datetime | None:
    """The extract time of the newest load of this source, or None before the first."""
    done = FeedRun.objects.loaded().filter(source=source).order_by("-extracted_at")
    return done.values_list("extracted_at", flat=True).first()
