"""What a claim gives: weekly awards, and the payments made or due under them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import Resident
from benefits import rules
from benefits.models.claims import Claim


class Kind(models.TextChoices):
    """The two kinds of help."""

    HB = "hb", "Housing Benefit"
    CTS = "cts", "Council Tax Support"


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
                condition=Q(kind__in=["hb", "cts"]),
                name="%(app_label)s_award_kind_known",
                violation_error_message="An award is Housing Benefit or Council Tax Support.",
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
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.start}"

    def holds_on(self, day: date) -> bool:
        """Whether the award is in force on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


class BenefitPaymentQuerySet(models.QuerySet["BenefitPayment"]):
    """Payments made and due."""

    def for_resident(self, resident: Resident) -> BenefitPaymentQuerySet:
        """Payments under this resident's claims."""
        return self.filter(claim__in=Claim.objects.for_resident(resident))

    def made(self) -> BenefitPaymentQuerySet:
        """Payments that have been made, newest first."""
        return self.filter(state=BenefitPayment.State.PAID).order_by("-paid_on", "-number", "kind")

    def due(self) -> BenefitPaymentQuerySet:
        """Payments still to come, soonest first."""
        return self.filter(state=BenefitPayment.State.DUE).order_by("paid_on", "number", "kind")


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

    objects = BenefitPaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind", "number"],
                name="%(app_label)s_payment_number_unique",
                violation_error_message="This claim already has a payment with this number.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["hb", "cts"]) & Q(state__in=["paid", "due"]),
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
                | Q(kind="hb", payee__in=["claimant", "landlord", "rent_account"]),
                name="%(app_label)s_payment_payee_fits_kind",
                violation_error_message="Support goes to the council tax account, rent does not.",
            ),
            models.CheckConstraint(
                condition=Q(destination="") | Q(destination__regex=r"^ending [0-9]{4}$"),
                name="%(app_label)s_payment_destination_masked",
                violation_error_message="Keep only the last four digits of an account.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} payment {self.number}"

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day that it is for."""
        return self.period_start, self.period_end

    @property
    def length(self) -> str:
        """How long it is for: 4 weeks, 1 month, 5 days."""
        return rules.length(*self.period)

    @property
    def goes_to(self) -> str:
        """Who gets it, and the end of the account number where it is known."""
        return ", account ".join(
            part for part in (self.get_payee_display(), self.destination) if part
        )
