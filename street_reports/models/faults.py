"""What can be wrong with a kind of asset, and when that is dangerous. Staff edit these."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from stockport.working_days import working_days_after
from street_reports.models.assets import Kind


class FaultTypeQuerySet(models.QuerySet["FaultType"]):
    """What can be wrong."""

    def offered(self, kind: str) -> FaultTypeQuerySet:
        """What residents can choose for this kind of asset, in the order shown."""
        return self.filter(kind=kind, is_active=True).order_by("position", "pk")


class FaultType(models.Model):
    """Something that can be wrong with a kind of asset."""

    kind = models.CharField(max_length=20, choices=Kind)
    code = models.SlugField(
        max_length=40, unique=True, help_text="The service code that the back office knows."
    )
    name = models.CharField(max_length=100, help_text="As residents read it.")
    hint = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField("residents can choose it", default=True)
    is_urgent = models.BooleanField(
        "a person is told at once",
        default=False,
        help_text="The duty officers get an e-mail about each report of this fault, even while"
        " the team’s own system is down.",
    )
    target_working_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Within how many working days it is dealt with. Empty: residents are told that"
        " we cannot say. A change is for new reports only.",
    )

    objects = FaultTypeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="%(app_label)s_faulttype_name_unique",
                violation_error_message="This kind of asset already has a fault with this name.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="%(app_label)s_faulttype_kind_known",
                violation_error_message="Choose one of the kinds that residents can report.",
            ),
            models.CheckConstraint(
                condition=Q(target_working_days=None) | Q(target_working_days__range=(1, 250)),
                name="%(app_label)s_faulttype_target_sensible",
                violation_error_message="A target is 1 to 250 working days, or empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def due_from(self, day: date) -> date | None:
        """The last day of the target for what is reported on a day; None without a target.

        Working days are those of England: weekdays that are no bank holidays.
        """
        if self.target_working_days is None:
            return None
        return working_days_after(day, self.target_working_days)


class DangerQuerySet(models.QuerySet["Danger"]):
    """What is dangerous."""

    def shown(self, kind: str) -> DangerQuerySet:
        """What residents are asked about this kind of asset, in the order shown."""
        return self.filter(kind=kind, is_active=True).order_by("position", "pk")


class Danger(models.Model):
    """A danger that is told by phone: it ends the form. With none, the page asks in general."""

    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(
        max_length=200, help_text="As residents read it in a list: “wires are loose or can be seen”"
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField("residents are asked about it", default=True)

    objects = DangerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "text"],
                name="%(app_label)s_danger_text_unique",
                violation_error_message="This kind of asset already has this danger.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="%(app_label)s_danger_kind_known",
                violation_error_message="Choose one of the kinds that residents can report.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="%(app_label)s_danger_has_text",
                violation_error_message="Say what is dangerous.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
