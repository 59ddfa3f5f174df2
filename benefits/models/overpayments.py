"""Benefit that was paid and must be paid back."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import Resident
from benefits.models.claims import Claim
from benefits.models.payments import BenefitPayment


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
    reason = models.CharField(max_length=300, blank=True, help_text="For residents to read.")
    invoice = models.CharField("invoice number", max_length=40, blank=True)

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
            models.CheckConstraint(
                condition=Q(invoice="") | Q(method="invoice"),
                name="%(app_label)s_overpayment_invoice_fits_method",
                violation_error_message="An invoice number belongs to recovery by invoice only.",
            ),
        ]

    def __str__(self) -> str:
        return f"Overpayment {self.reference}"

    @property
    def left(self) -> Decimal:
        """Pounds still to pay back."""
        return self.original - self.recovered


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    """Recoveries."""

    def for_resident(self, resident: Resident) -> RecoveryQuerySet:
        """What was taken back under this resident's claims."""
        return self.filter(overpayment__claim__in=Claim.objects.for_resident(resident))


class Recovery(models.Model):
    """Part of an overpayment that was paid back: what was recovered is the sum of these."""

    class Method(models.TextChoices):
        FROM_BENEFIT = "from_benefit", "Taken from your benefit"
        PAID = "paid", "Paid by you"
        ARREARS = "arrears", "Taken from benefit that we owed you"
        OTHER = "other", "Other"

    overpayment = models.ForeignKey(
        Overpayment, on_delete=models.CASCADE, related_name="recoveries", db_index=False
    )
    number = models.PositiveIntegerField()
    taken_on = models.DateField()
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    method = models.CharField(max_length=12, choices=Method)
    payment = models.ForeignKey(
        BenefitPayment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recoveries",
        help_text="The payment that it was taken from.",
    )

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.UniqueConstraint(
                fields=["overpayment", "number"],
                name="%(app_label)s_recovery_number_unique",
                violation_error_message="This overpayment already has a recovery of this number.",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["from_benefit", "paid", "arrears", "other"]),
                name="%(app_label)s_recovery_method_known",
                violation_error_message="Use one of the known ways of paying back.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="%(app_label)s_recovery_more_than_nothing",
                violation_error_message="What was paid back is more than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(payment=None) | Q(method="from_benefit"),
                name="%(app_label)s_recovery_payment_fits_method",
                violation_error_message="Only what is taken from benefit is from a payment.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.overpayment_id}/{self.number}"
