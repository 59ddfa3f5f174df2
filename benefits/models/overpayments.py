"""Benefit that was paid and must be paid back."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import Resident
from benefits.models.claims import Claim


class OverpaymentQuerySet(models.QuerySet["Overpayment"]):
    """Overpayments."""

    def for_resident(self, resident: Resident) -> OverpaymentQuerySet:
        """Overpayments of this resident's claims, ended claims included."""
        return self.filter(claim__in=Claim.objects.for_resident(resident))


class Overpayment(models.Model):
    """Too much paid for a period of days, both ends included, and what has been paid back."""

    class Method(models.TextChoices):
        FROM_BENEFIT = "from_benefit", "Taken from your benefit"
        INVOICE = "invoice", "Paid by invoice"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="overpayments")
    reference = models.CharField(max_length=20)
    period_start = models.DateField()
    period_end = models.DateField()
    original = models.DecimalField("overpaid at first", max_digits=10, decimal_places=2)
    recovered = models.DecimalField("paid back so far", max_digits=10, decimal_places=2)
    weekly_recovery = models.DecimalField(
        "pounds taken back a week", max_digits=10, decimal_places=2, default=Decimal("0.00")
    )
    method = models.CharField(max_length=12, choices=Method)
    decided = models.DateField()

    objects = OverpaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "reference"],
                name="%(app_label)s_overpayment_reference_unique",
                violation_error_message="This claim already has this overpayment.",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="%(app_label)s_overpayment_period_ordered",
                violation_error_message="An overpayment's period cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(original__gt=0),
                name="%(app_label)s_overpayment_more_than_nothing",
                violation_error_message="An overpayment is more than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(recovered__gte=0, recovered__lte=F("original")),
                name="%(app_label)s_overpayment_recovered_within",
                violation_error_message="Not more can be paid back than was overpaid.",
            ),
            models.CheckConstraint(
                condition=Q(method="from_benefit", weekly_recovery__gt=0)
                | Q(method="invoice", weekly_recovery=0),
                name="%(app_label)s_overpayment_method_fits_rate",
                violation_error_message="A weekly rate belongs to recovery from benefit only.",
            ),
        ]

    def __str__(self) -> str:
        return f"Overpayment {self.reference}"

    @property
    def left(self) -> Decimal:
        """Pounds still to pay back."""
        return self.original - self.recovered
