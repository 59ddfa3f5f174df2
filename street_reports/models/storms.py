"""Storm mode: one switch of staff, for hours in which grids are full and few are blocked."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stockport.templatetags.portal import moment


class StormQuerySet(models.QuerySet["Storm"]):
    """The switch, or nothing."""

    def on(self) -> StormQuerySet:
        """The switch while it is on; at its end it is off by itself."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), is_on=True)


class Storm(models.Model):
    """The switch. It changes the questions about grids, and warns on the pages about them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField("storm mode is on", default=False)
    ends_at = models.DateTimeField(
        "off by itself at", null=True, blank=True, help_text="Empty: until somebody switches it off"
    )
    message = models.CharField(
        max_length=300,
        blank=True,
        help_text="What residents read below our own warning, in plain words:"
        " “Ashfield Road is closed.”",
    )
    switched_at = models.DateTimeField(default=timezone.now, editable=False)
    switched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = StormQuerySet.as_manager()

    class Meta:
        verbose_name = "storm mode"
        verbose_name_plural = "storm mode"
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="%(app_label)s_storm_one_switch",
                violation_error_message="There is one switch.",
            ),
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(ends_at=None) | Q(ends_at__gt=F("switched_at")),
                name="%(app_label)s_storm_ends_later",
                violation_error_message="Storm mode ends after it was switched on.",
            ),
        ]

    def __str__(self) -> str:
        if not self.is_on:
            return "Off"
        if self.ends_at is None:
            return "On until somebody switches it off"
        is_over = self.ends_at <= timezone.now()
        return f"{'Off by itself since' if is_over else 'On until'} {moment(self.ends_at)}"

    def clean(self) -> None:
        """Nobody switches it on for a time that is over."""
        if self.is_on and self.ends_at and self.ends_at <= timezone.now():
            raise ValidationError({"ends_at": "The end must be in the future, or empty."})
