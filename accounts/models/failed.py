"""Sign-ins that failed, counted for an hour: for addresses with an account and without."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models.people import Resident


class FailedSignInQuerySet(models.QuerySet["FailedSignIn"]):
    """Counts of failed sign-ins."""

    def for_resident(self, resident: Resident) -> FailedSignInQuerySet:
        """Those with this resident's address."""
        return self.filter(email=resident.email)


class FailedSignIn(models.Model):
    """How often it failed for one address in one hour, as it was typed and in lower case.

    Whether it has an account is not asked until the hour is over (accounts/failing.py).
    """

    class Kind(models.TextChoices):
        PASSWORD = "sign_in_failed", "Wrong password"
        STEP = "second_step_failed", "Wrong second step"

    email = models.CharField("e-mail address, as typed", max_length=254)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    hour = models.DateTimeField(help_text="When it began.")
    last_at = models.DateTimeField("last time")
    tries = models.PositiveIntegerField(default=1)

    objects = FailedSignInQuerySet.as_manager()

    class Meta:
        verbose_name = "failed sign-in"
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "email", "kind"],
                name="%(app_label)s_failedsignin_one_an_hour",
                violation_error_message="Failed sign-ins of an hour are counted in one row.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="%(app_label)s_failedsignin_lower_case",
                violation_error_message="Store the e-mail address in lower case.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["sign_in_failed", "second_step_failed"]),
                name="%(app_label)s_failedsignin_kind_known",
                violation_error_message="A sign-in fails in one of the ways that are listed.",
            ),
            models.CheckConstraint(
                condition=Q(tries__gt=0),
                name="%(app_label)s_failedsignin_tried",
                violation_error_message="A failed sign-in was tried at least once.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.hour:%d %B %Y, %H:%M}"
