"""How a bill is made up: elements, periods, their lines, and the year's totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from council_tax.models.account import Account
from council_tax.models.codes import LISTED_BANDS, Band, ElementKind, LineType
from council_tax.models.fields import DaysCharged, YearEnd, YearStart, known
from stockport.years import year_format

if TYPE_CHECKING:
    from accounts.models import Resident


class Element(models.Model):
    """What one authority sets for one band and year: reference data, never computed.

    Councils round each element by itself, so a published table is not Band D times ninths.
    """

    year = models.CharField(max_length=7)
    band = models.CharField(max_length=2, choices=Band)
    element = models.CharField(max_length=20, choices=ElementKind)
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "band", "element"],
                name="%(app_label)s_element_unique",
                violation_error_message="This element is already set for the band and year.",
            ),
            models.CheckConstraint(
                condition=year_format(),
                name="%(app_label)s_element_year_format",
                violation_error_message="Write the year as 2026/27.",
            ),
            models.CheckConstraint(
                condition=known("band", Band) & known("element", ElementKind),
                name="%(app_label)s_element_codes_known",
                violation_error_message="A band is A-, or one of A to H; an element is listed.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="%(app_label)s_element_amount_not_negative",
                violation_error_message="An element cannot be below zero.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_element_display()}, band {self.band}, {self.year}"


class ChargePeriodQuerySet(models.QuerySet["ChargePeriod"]):
    """Charge periods."""

    def for_resident(self, resident: Resident) -> ChargePeriodQuerySet:
        """The periods of this resident's accounts."""
        return self.filter(account__in=Account.objects.for_resident(resident))


class ChargePeriod(models.Model):
    """Days of one year that are charged alike: the same band and the same discounts."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="charge_periods", db_index=False
    )
    year = models.CharField(max_length=7)
    sequence = models.PositiveSmallIntegerField()
    start = models.DateField("first day")
    end = models.DateField("last day", help_text="Charged too.")
    days = models.PositiveSmallIntegerField()
    band_listed = models.CharField(max_length=2, choices=Band)
    band_charged = models.CharField(max_length=2, choices=Band)
    gross = models.DecimalField(max_digits=10, decimal_places=2)
    net = models.DecimalField(max_digits=10, decimal_places=2)

    objects = ChargePeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "year", "sequence"],
                name="%(app_label)s_chargeperiod_unique",
                violation_error_message="This account already has this period.",
            ),
            models.CheckConstraint(
                condition=year_format(),
                name="%(app_label)s_chargeperiod_year_format",
                violation_error_message="Write the year as 2026/27.",
            ),
            models.CheckConstraint(
                condition=Q(days=DaysCharged("end", "start")),
                name="%(app_label)s_chargeperiod_days",
                violation_error_message="The days must be those from first to last, both charged.",
            ),
            models.CheckConstraint(
                condition=Q(
                    start__gte=YearStart("year"), end__lte=YearEnd("year"), end__gte=F("start")
                ),
                name="%(app_label)s_chargeperiod_within_year",
                violation_error_message="A period lies between 1 April and 31 March of its year.",
            ),
            models.CheckConstraint(
                condition=Q(band_listed__in=LISTED_BANDS) & known("band_charged", Band),
                name="%(app_label)s_chargeperiod_bands_known",
                violation_error_message="A band is one of A to H; A- can only be charged.",
            ),
            models.CheckConstraint(
                condition=Q(gross__gte=0, net__gte=0),
                name="%(app_label)s_chargeperiod_not_negative",
                violation_error_message="A charge cannot be below zero.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}, period {self.sequence}"


class ChargeLineQuerySet(models.QuerySet["ChargeLine"]):
    """Lines of charge periods."""

    def for_resident(self, resident: Resident) -> ChargeLineQuerySet:
        """The lines of this resident's accounts."""
        return self.filter(period__account__in=Account.objects.for_resident(resident))


class ChargeLine(models.Model):
    """One reason why a period costs less, or more, than its band."""

    period = models.ForeignKey(
        ChargePeriod, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    line = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=20, choices=LineType)
    code = models.CharField(max_length=20, blank=True, help_text="The back office's own code.")
    reason = models.CharField(max_length=200)
    percent = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(
        max_digits=10, decimal_places=2, help_text="Pounds: below zero makes the bill smaller."
    )

    objects = ChargeLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "line"],
                name="%(app_label)s_chargeline_unique",
                violation_error_message="This period already has this line.",
            ),
            models.CheckConstraint(
                condition=known("type", LineType),
                name="%(app_label)s_chargeline_type_known",
                violation_error_message="A line is of one of the types listed.",
            ),
            models.CheckConstraint(
                condition=Q(type="other")
                | Q(type="premium", amount__gte=0)
                | (~Q(type__in=["premium", "other"]) & Q(amount__lte=0)),
                name="%(app_label)s_chargeline_direction",
                violation_error_message="A premium adds to a bill; every other line reduces it.",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=300),
                name="%(app_label)s_chargeline_percent",
                violation_error_message="A percentage is between 0 and 300.",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class YearTotalQuerySet(models.QuerySet["YearTotal"]):
    """Totals per account and year."""

    def for_resident(self, resident: Resident) -> YearTotalQuerySet:
        """The totals of this resident's accounts."""
        return self.filter(account__in=Account.objects.for_resident(resident))


class YearTotal(models.Model):
    """What happened to an account in one financial year, in pounds.

    Costs, penalties, refunds and transfers above zero add to what is owed; payments are what
    was received; write-offs are below zero.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="year_totals", db_index=False
    )
    year = models.CharField(max_length=7)
    charge = models.DecimalField(max_digits=10, decimal_places=2)
    payments = models.DecimalField(max_digits=10, decimal_places=2)
    refunds = models.DecimalField(max_digits=10, decimal_places=2)
    costs = models.DecimalField(max_digits=10, decimal_places=2)
    penalties = models.DecimalField(max_digits=10, decimal_places=2)
    transfers = models.DecimalField(max_digits=10, decimal_places=2)
    write_offs = models.DecimalField(max_digits=10, decimal_places=2)
    outstanding = models.DecimalField(max_digits=10, decimal_places=2)

    objects = YearTotalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "year"],
                name="%(app_label)s_yeartotal_unique",
                violation_error_message="This account already has totals for the year.",
            ),
            models.CheckConstraint(
                condition=year_format(),
                name="%(app_label)s_yeartotal_year_format",
                violation_error_message="Write the year as 2026/27.",
            ),
            models.CheckConstraint(
                condition=Q(
                    outstanding=F("charge")
                    + F("costs")
                    + F("penalties")
                    + F("refunds")
                    + F("transfers")
                    + F("write_offs")
                    - F("payments")
                ),
                name="%(app_label)s_yeartotal_adds_up",
                violation_error_message=(
                    "Charge, costs, penalties, refunds, transfers and write-offs less payments"
                    " must be what is outstanding."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.year
