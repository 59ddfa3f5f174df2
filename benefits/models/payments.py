"""The payments made and due under a claim's awards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import Resident
from benefits.models.awards import Kind
from benefits.models.claims import Claim


class BenefitPaymentQuerySet(models.QuerySet["BenefitPayment"]):
    """Payments made and due."""

    def for_resident(self, resident: Resident) -> BenefitPaymentQuerySet:
        """Payments under this resident's claims."""
        return self.filter(claim__in=Claim.objects.for_resident(resident))

    def made(self) -> BenefitPaymentQuerySet:
        """Payments that have been made, newest first, rent before what is given besides."""
        return self.filter(state=BenefitPayment.State.PAID).order_by("-paid_on", "-number", "-kind")

    def of_money(self) -> BenefitPaymentQuerySet:
        """Payments of money: support is a credit on the council tax bill instead."""
        return self.exclude(kind=Kind.CTS)

    def due(self) -> BenefitPaymentQuerySet:
        """Payments still to come, soonest first, rent before what is given besides."""
        return self.filter(state=BenefitPayment.State.DUE).order_by("paid_on", "number", "-kind")


class BenefitPayment(models.Model):
    """A payment for a period of days, both ends included; support is paid to the bill."""

    class State(models.TextChoices):
        PAID = "paid", "Paid"
        DUE = "due", "Due"

    class Payee(models.TextChoices):
        CLAIMANT = "claimant", "You"
        LANDLORD = "landlord", "Your landlord"
        RENT_ACCOUNT = "rent_account", "Your rent account"
        COUNCIL_TAX_ACCOUNT = "council_tax_account", "Your council tax account"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="payments")
    kind = models.CharField(max_length=3, choices=Kind)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=4, choices=State)
    paid_on = models.DateField("paid or due on")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    period_start = models.DateField()
    period_end = models.DateField()
    payee = models.CharField(max_length=20, choices=Payee)
    destination = models.CharField(max_length=20, blank=True, help_text="Only “ending 4321”.")
    adjustment = models.DecimalField(
        "added to the weekly award",
        max_digits=10,
        decimal_places=2,
        default=Decimal("0.00"),
        help_text="Pounds that are in it besides the weeks it is for; below zero were kept back.",
    )
    adjustment_reason = models.CharField(
        max_length=200, blank=True, help_text="Why, in a sentence for residents."
    )

    objects = BenefitPaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind", "number"],
                name="%(app_label)s_payment_number_unique",
                violation_error_message="This claim already has a payment with this number.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["hb", "cts", "crf", "dhp"]) & Q(state__in=["paid", "due"]),
                name="%(app_label)s_payment_codes_known",
                violation_error_message="Use the known kinds and states of a payment.",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="%(app_label)s_payment_period_ordered",
                violation_error_message="A payment's period cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="%(app_label)s_payment_not_negative",
                violation_error_message="A payment cannot be less than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(kind="cts", payee="council_tax_account")
                | Q(
                    kind__in=["hb", "crf", "dhp"],
                    payee__in=["claimant", "landlord", "rent_account"],
                ),
                name="%(app_label)s_payment_payee_fits_kind",
                violation_error_message="Support goes to the council tax account, rent does not.",
            ),
            models.CheckConstraint(
                condition=Q(destination="") | Q(destination__regex=r"^ending [0-9]{4}$"),
                name="%(app_label)s_payment_destination_masked",
                violation_error_message="Keep only the last four digits of an account.",
            ),
            models.CheckConstraint(
                condition=Q(adjustment=0) | ~Q(adjustment_reason=""),
                name="%(app_label)s_payment_adjusted_for_a_reason",
                violation_error_message="A payment that is more or less than its weeks says why.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} payment {self.number}"

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day that it is for."""
        return self.period_start, self.period_end

    @property
    def recovered(self) -> Decimal:
        """Pounds taken from it to pay back an overpayment; needs `recoveries` fetched."""
        return sum((recovery.amount for recovery in self.recoveries.all()), Decimal("0.00"))

    @property
    def goes_to(self) -> str:
        """Who gets it, and how the number of the bank account ends where it is known."""
        return ", bank account ".join(
            part for part in (self.get_payee_display(), self.destination) if part
        )
