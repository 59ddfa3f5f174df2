"""When desks are open: weekly rules, and what closes them again."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from appointments.models.place import Desk, Location

if TYPE_CHECKING:
    from appointments.models.booking import Appointment

FIVES = list(range(0, 60, 5))


class OpeningRule(models.Model):
    """Weekly hours of a location or of one desk, on the clock on the wall in Europe/London."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="hours"
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.CASCADE, null=True, blank=True, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField(help_text="Midnight (00:00) means the end of the day.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="The last day, or empty.")
    every_weeks = models.PositiveSmallIntegerField(
        default=1, help_text="2 is every other week, counted from the week of the first day."
    )

    class Meta:
        ordering = ["location", "desk", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(location=None, desk__isnull=False)
                | Q(location__isnull=False, desk=None),
                name="%(app_label)s_openingrule_location_or_desk",
                violation_error_message="Choose a location or a desk, not both.",
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=time(0, 0)),
                name="%(app_label)s_openingrule_closes_after_opens",
                violation_error_message="Closing time must be after opening time.",
            ),
            models.CheckConstraint(
                condition=Q(opens__minute__in=FIVES, opens__second=0)
                & Q(closes__minute__in=FIVES, closes__second=0),
                name="%(app_label)s_openingrule_in_fives",
                violation_error_message="Hours are kept in steps of 5 minutes.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_openingrule_ends_after_start",
                violation_error_message="The last day cannot be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, every_weeks__range=(1, 52)),
                name="%(app_label)s_openingrule_weekday_and_weeks",
                violation_error_message="A rule repeats every 1 to 52 weeks on a day of the week.",
            ),
        ]

    def __str__(self) -> str:
        where = self.desk or self.location
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}, {where}"

    def applies_on(self, day: date) -> bool:
        """Whether the rule opens on this day."""
        if day.weekday() != self.weekday or day < self.valid_from:
            return False
        if self.valid_to is not None and day > self.valid_to:
            return False
        anchor = self.valid_from.toordinal() - self.valid_from.weekday()
        return (day.toordinal() - anchor) // 7 % self.every_weeks == 0


class ExtraOpening(models.Model):
    """Hours of one day, besides the weekly ones: a Saturday, an evening, even a bank holiday."""

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="extra_openings"
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.CASCADE, null=True, blank=True, related_name="extra_openings"
    )
    date = models.DateField(db_index=True)
    opens = models.TimeField()
    closes = models.TimeField(help_text="Midnight (00:00) means the end of the day.")
    reason = models.CharField(max_length=200, blank=True, help_text="For staff only.")

    class Meta:
        ordering = ["date", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(location=None, desk__isnull=False)
                | Q(location__isnull=False, desk=None),
                name="%(app_label)s_extraopening_location_or_desk",
                violation_error_message="Choose a location or a desk, not both.",
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=time(0, 0)),
                name="%(app_label)s_extraopening_closes_after_opens",
                violation_error_message="Closing time must be after opening time.",
            ),
            models.CheckConstraint(
                condition=Q(opens__minute__in=FIVES, opens__second=0)
                & Q(closes__minute__in=FIVES, closes__second=0),
                name="%(app_label)s_extraopening_in_fives",
                violation_error_message="Hours are kept in steps of 5 minutes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.opens:%H:%M} to {self.closes:%H:%M}"


class Closure(models.Model):
    """A time when everything, one location or one desk is closed."""

    class Kind(models.TextChoices):
        CLOSED = "closed", "Closed"
        ABSENCE = "absence", "Absence"
        TRAINING = "training", "Training"
        EMERGENCY = "emergency", "Emergency"

    location = models.ForeignKey(
        Location,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        help_text="Leave location and desk empty to close everything.",
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.CASCADE, null=True, blank=True, related_name="closures"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CLOSED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=200, blank=True, help_text="For staff only.")

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(location=None) | Q(desk=None),
                name="%(app_label)s_closure_one_scope",
                violation_error_message="Choose a location or a desk, not both.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="%(app_label)s_closure_ends_after_start",
                violation_error_message="The end must be after the start.",
            ),
        ]

    def __str__(self) -> str:
        where = self.desk or self.location or "Everything"
        return f"{where} closed from {self.starts_at:%Y-%m-%d %H:%M} (UTC)"

    def closes(self, desk: Desk) -> bool:
        """Whether it closes this desk: its own closure, its location's or everybody's."""
        return self.desk_id in (None, desk.pk) and self.location_id in (None, desk.location_id)

    def is_in_the_way_of(self, appointment: Appointment) -> bool:
        """Whether the appointment's desk is busy with it at a moment that this closes."""
        overlaps = appointment.busy_from < self.ends_at and appointment.busy_to > self.starts_at
        return overlaps and self.closes(appointment.desk)


class BankHoliday(models.Model):
    """A bank holiday in England: nothing can be booked on it."""

    date = models.DateField(unique=True)
    title = models.CharField(max_length=100)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.title}, {self.date:%Y-%m-%d}"
