"""What a claim gives: weekly awards, and how each is worked out."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import Resident
from benefits.models.claims import Claim


class Kind(models.TextChoices):
    """The kinds of help."""

    HB = "hb", "Housing Benefit"
    CTS = "cts", "Council Tax Support"
    CRF = "crf", "Housing payment from the Crisis and Resilience Fund"
    DHP = "dhp", "Discretionary Housing Payment"


# When England's Crisis and Resilience Fund took the place of Discretionary Housing Payments.
FUND_BEGINS = date(2026, 4, 1)


class AwardQuerySet(models.QuerySet["Award"]):
    """Weekly awards."""

    def for_resident(self, resident: Resident) -> AwardQuerySet:
        """Awards under this resident's claims."""
        return self.filter(claim__in=Claim.objects.for_resident(resident))


class Award(models.Model):
    """So much a week, from one day to another, both included; no end while it runs on."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="awards")
    kind = models.CharField(max_length=3, choices=Kind)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    weekly = models.DecimalField("pounds a week", max_digits=10, decimal_places=2)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it is this much.")
    year = models.CharField("tax year", max_length=7, blank=True)
    credited = models.DecimalField(
        "pounds off that year's council tax", max_digits=10, decimal_places=2, null=True, blank=True
    )

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind", "start"],
                name="%(app_label)s_award_start_unique",
                violation_error_message="This claim has an award of this kind from this day.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["hb", "cts", "crf", "dhp"]),
                name="%(app_label)s_award_kind_known",
                violation_error_message="Use one of the known kinds of help.",
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="%(app_label)s_award_ends_after_start",
                violation_error_message="An award cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(weekly__gte=0) & (Q(credited=None) | Q(credited__gte=0)),
                name="%(app_label)s_award_not_negative",
                violation_error_message="An award cannot be less than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(credited=None) | (Q(kind="cts") & ~Q(year="")),
                name="%(app_label)s_award_credited_to_a_year",
                violation_error_message="Only support credited to a tax year reaches a bill.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["crf", "dhp"])
                | Q(kind="crf", start__gte=FUND_BEGINS)
                | Q(kind="dhp", start__lt=FUND_BEGINS),
                name="%(app_label)s_award_fund_of_its_time",
                violation_error_message=(
                    "Housing payments from 1 April 2026 are from the Crisis and Resilience Fund,"
                    " those before it are Discretionary Housing Payments."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.start}"

    def holds_on(self, day: date) -> bool:
        """Whether the award is in force on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


class AwardLineQuerySet(models.QuerySet["AwardLine"]):
    """Lines of awards."""

    def for_resident(self, resident: Resident) -> AwardLineQuerySet:
        """The lines of awards under this resident's claims."""
        return self.filter(award__claim__in=Claim.objects.for_resident(resident))


class AwardLine(models.Model):
    """One figure that an award was worked out from, in pounds a week (savings: in pounds).

    The lines of the part AWARD add up to the weekly award.
    """

    class Part(models.TextChoices):
        NEEDS = "needs", "What the law says you need"
        INCOME = "income", "Your income"
        CAPITAL = "capital", "Your savings"
        AWARD = "award", "What you get"

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, choices=Part)
    words = models.CharField(max_length=120, help_text="For residents to read.")
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    objects = AwardLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award", "number"],
                name="%(app_label)s_line_number_unique",
                violation_error_message="This award already has a line with this number.",
            ),
            models.CheckConstraint(
                condition=Q(part__in=["needs", "income", "capital", "award"]),
                name="%(app_label)s_line_part_known",
                violation_error_message="Use one of the known parts of an award.",
            ),
            models.CheckConstraint(
                condition=Q(part="award") | Q(amount__gte=0),
                name="%(app_label)s_line_takes_off_award_only",
                violation_error_message="Needs, income and savings are not less than nothing.",
            ),
        ]

    def __str__(self) -> str:
        return self.words
