"""What residents can book: a Service with its lengths and limits, and the desks that give it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact

from appointments.models.place import Channel, Desk


def a_day_before() -> list[int]:
    """When a resident is reminded, in hours before the start."""
    return [24]


LENGTHS = (
    "duration",
    "step",
    "buffer_before",
    "buffer_after",
    "longer_minutes",
    "minutes_per_person",
)


def _multiple_of_five(field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Exact(Mod(F(field), Value(5)), Value(0)),
        name=f"%(app_label)s_service_{field}_in_fives",
        violation_error_message="Appointments are kept in steps of 5 minutes.",
    )


class Service(models.Model):
    """A reason to see the council, and the rules for booking it. Minutes are multiples of 5."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100, help_text="As residents know it: “Register a birth”.")
    summary = models.CharField(max_length=300, help_text="Who it is for, in one or two sentences.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the list.")
    active = models.BooleanField("can be booked", default=True)
    duration = models.PositiveSmallIntegerField("minutes", default=30)
    step = models.PositiveSmallIntegerField(
        "minutes between starts", default=30, help_text="Counted from opening time."
    )
    buffer_before = models.PositiveSmallIntegerField("minutes to prepare", default=0)
    buffer_after = models.PositiveSmallIntegerField("minutes to write up", default=0)
    min_notice = models.PositiveIntegerField(
        "hours of notice", default=24, help_text="How long before the start it can be booked."
    )
    max_advance = models.PositiveSmallIntegerField("days ahead", default=60)
    cancel_cutoff = models.PositiveIntegerField(
        "hours to cancel",
        default=2,
        help_text="How long before the start a resident can cancel or change it.",
    )
    hold_minutes = models.PositiveSmallIntegerField(
        default=10, help_text="How long a time is kept while somebody answers the questions."
    )
    longer_minutes = models.PositiveSmallIntegerField(
        "minutes more for a longer appointment",
        default=15,
        help_text="For residents who need more time. 0 where it cannot be longer.",
    )
    max_people = models.PositiveSmallIntegerField(
        "people in one appointment", default=1, help_text="How many it can be for at once."
    )
    minutes_per_person = models.PositiveSmallIntegerField(
        "minutes more for each further person", default=0
    )
    reminder_hours = ArrayField(
        models.PositiveSmallIntegerField(),
        size=3,
        default=a_day_before,
        blank=True,
        verbose_name="reminders",
        help_text="How many hours before the start, with commas between them: 168, 24.",
    )
    offer_minutes = models.PositiveSmallIntegerField(
        "minutes to answer an offer",
        default=120,
        help_text="For residents who wait for an earlier time. Nights do not count.",
    )
    cooloff_minutes = models.PositiveSmallIntegerField(
        "minutes before a cancelled time is offered again",
        default=0,
        help_text="So that nobody trades in appointments.",
    )
    max_active = models.PositiveSmallIntegerField(
        "bookings per resident", default=1, help_text="How many may lie ahead at once."
    )
    bring = models.TextField("what to bring", blank=True, help_text="One thing a line.")
    neutral_title = models.BooleanField(
        "keep calendars neutral",
        default=False,
        help_text="Calendars and mail subjects say “Council appointment”, not what it is about.",
    )
    desks = models.ManyToManyField(Desk, through="DeskService", related_name="services")

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            *map(_multiple_of_five, LENGTHS),
            models.CheckConstraint(
                condition=Q(duration__range=(5, 480), step__range=(5, 480)),
                name="%(app_label)s_service_lengths_in_a_day",
                violation_error_message="An appointment and its step are 5 minutes to 8 hours.",
            ),
            models.CheckConstraint(
                condition=Q(buffer_before__lte=240, buffer_after__lte=240),
                name="%(app_label)s_service_buffers_short",
                violation_error_message="Preparing and writing up take 4 hours at most.",
            ),
            models.CheckConstraint(
                condition=Q(longer_minutes__lte=120, minutes_per_person__lte=120),
                name="%(app_label)s_service_extra_minutes_short",
                violation_error_message="More time is 2 hours at most, for each reason.",
            ),
            models.CheckConstraint(
                condition=Q(reminder_hours__len__lte=3) | Q(reminder_hours=[]),
                name="%(app_label)s_service_reminders_three",
                violation_error_message="A service reminds 3 times at most.",
            ),
            models.CheckConstraint(
                condition=Q(offer_minutes__range=(15, 1440), cooloff_minutes__lte=1440),
                name="%(app_label)s_service_offer_and_cooloff",
                violation_error_message="An offer stands for 15 minutes to a day of 24 hours; a "
                "cancelled time rests for a day at most.",
            ),
            models.CheckConstraint(
                condition=Q(max_people__range=(1, 12)),
                name="%(app_label)s_service_people_1_to_12",
                violation_error_message="An appointment is for 1 to 12 people.",
            ),
            models.CheckConstraint(
                condition=Q(max_advance__range=(1, 366)),
                name="%(app_label)s_service_max_advance_a_year",
                violation_error_message="Appointments open 1 to 366 days ahead.",
            ),
            models.CheckConstraint(
                condition=Q(hold_minutes__range=(1, 60), max_active__gte=1),
                name="%(app_label)s_service_hold_and_limit",
                violation_error_message="A hold is 1 to 60 minutes; a resident may book 1 or more.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def notice(self) -> timedelta:
        """How long before its start an appointment must be booked."""
        return timedelta(hours=self.min_notice)

    def minutes(self, *, people: int = 1, longer: bool = False) -> int:
        """How long an appointment is for so many people, and for somebody who needs more time."""
        more = self.longer_minutes if longer else 0
        return self.duration + self.minutes_per_person * (people - 1) + more

    def minutes_busy(self, minutes: int) -> int:
        """How long a desk is busy with an appointment of so many minutes."""
        return self.buffer_before + minutes + self.buffer_after

    @property
    def cutoff(self) -> timedelta:
        """How long before its start a resident can still cancel."""
        return timedelta(hours=self.cancel_cutoff)

    @property
    def things_to_bring(self) -> list[str]:
        """What to bring, one thing each."""
        return [line.strip() for line in self.bring.splitlines() if line.strip()]

    @property
    def public_title(self) -> str:
        """What a shared calendar or a mail subject may show."""
        return "Council appointment" if self.neutral_title else self.name


class DeskService(models.Model):
    """That a desk gives a service, and how: in person or by phone."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="offers")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="offers")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.IN_PERSON)

    class Meta:
        verbose_name = "desk's service"
        verbose_name_plural = "desks' services"
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "service", "channel"],
                name="%(app_label)s_deskservice_unique",
                violation_error_message="This desk already gives this service in this way.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.get_channel_display()}, {self.desk}"
