"""Council tax accounts and the people who are liable for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import Person
from council_tax.models.codes import BillsBy, Hold, PaymentMethod, Role, Stage, Status
from council_tax.models.fields import known
from council_tax.models.place import Property
from stockport.feeds.models import Confirmed, Quarantine

if TYPE_CHECKING:
    from accounts.models import Resident


class AccountQuerySet(models.QuerySet["Account"]):
    """Council tax accounts."""

    def for_resident(self, resident: Resident) -> AccountQuerySet:
        """The accounts, open and closed, that a person linked to them is or was liable for."""
        people = Person.objects.for_resident(resident)
        liable = Liability.objects.filter(person__in=people).values("account_id")
        return self.filter(pk__in=liable).select_related("confirmation")

    def for_pages(self) -> AccountQuerySet:
        """With the property, and `checked_since`: since when newer figures are being checked."""
        held = Quarantine.objects.current().filter(
            source=OuterRef("source"), table="accounts", key=OuterRef("reference")
        )
        since = {"checked_since": Subquery(held.values("since")[:1])}
        return self.select_related("property").annotate(**since)

    def open_first(self) -> AccountQuerySet:
        """Open accounts, then closed ones, the newest of each first."""
        return self.order_by("-status", "-opened", "reference")


class Account(Confirmed):
    """What one household owes and has paid for one dwelling, as the back office last said."""

    source = models.CharField(max_length=40, help_text="The system that holds the record.")
    reference = models.SlugField("account reference", max_length=20, db_index=False)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="accounts")
    status = models.CharField(max_length=10, choices=Status)
    opened = models.DateField()
    closed = models.DateField(null=True, blank=True)
    balance = models.DecimalField(
        max_digits=10, decimal_places=2, help_text="Pounds: above zero is owed, below is in credit."
    )
    payment_method = models.CharField(max_length=20, choices=PaymentMethod, blank=True)
    payment_day = models.PositiveSmallIntegerField(null=True, blank=True)
    bank_last4 = models.CharField("last 4 digits of the bank account", max_length=4, blank=True)
    bills_by = models.CharField("how bills come", max_length=10, choices=BillsBy, blank=True)
    stage = models.CharField("recovery stage", max_length=20, choices=Stage)
    stage_date = models.DateField(null=True, blank=True)
    arrangement = models.BooleanField("special payment arrangement", default=False)
    hold_reason = models.CharField(max_length=20, choices=Hold, blank=True)

    checked_since: datetime | None  # from for_pages()
    dues: list[Mapping[str, Any]]  # from Instalment.objects.of_each_account()

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # The reference first: staff look for it without a source.
                fields=["reference", "source"],
                name="%(app_label)s_account_reference_unique",
                violation_error_message="This system already has an account with this reference.",
            ),
            models.CheckConstraint(
                condition=known("status", Status)
                & known("payment_method", PaymentMethod, blank=True)
                & known("bills_by", BillsBy, blank=True)
                & known("stage", Stage)
                & known("hold_reason", Hold, blank=True),
                name="%(app_label)s_account_codes_known",
                violation_error_message="A status, method, stage or hold is one of those listed.",
            ),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^[A-Za-z0-9-]+$"),
                name="%(app_label)s_account_reference_format",
                violation_error_message="A reference has letters, digits and hyphens only.",
            ),
            models.CheckConstraint(
                condition=Q(closed=None) | Q(closed__gte=F("opened")),
                name="%(app_label)s_account_closed_after_opened",
                violation_error_message="An account cannot close before it opens.",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed__isnull=False),
                name="%(app_label)s_account_closed_has_date",
                violation_error_message="A closed account says when it was closed.",
            ),
            models.CheckConstraint(
                condition=Q(payment_day=None) | Q(payment_day__gte=1, payment_day__lte=31),
                name="%(app_label)s_account_payment_day",
                violation_error_message="A payment day is between 1 and 31.",
            ),
            models.CheckConstraint(
                condition=Q(bank_last4="") | Q(bank_last4__regex=r"^\d{4}$"),
                name="%(app_label)s_account_bank_digits",
                violation_error_message="Only the last 4 digits of a bank account are kept.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("council_tax:account", args=[self.reference])


class LiabilityQuerySet(models.QuerySet["Liability"]):
    """Who is liable for what."""

    def for_resident(self, resident: Resident) -> LiabilityQuerySet:
        """Everybody liable for an account of this resident's."""
        return self.filter(account__in=Account.objects.for_resident(resident))

    def with_names(self) -> LiabilityQuerySet:
        """From the earliest on, with what a name is made of, and nothing else about a person."""
        names = ("person__title", "person__forenames", "person__surname")
        liable = self.select_related("person").only("account", "role", "end", *names)
        return liable.order_by("start", "pk")


class Liability(models.Model):
    """That a person has to pay, alone or jointly, for a time (LGFA 1992, section 6)."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="liabilities", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="liabilities")
    role = models.CharField(max_length=10, choices=Role)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    objects = LiabilityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "liabilities"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person", "start"],
                name="%(app_label)s_liability_unique",
                violation_error_message="This person is already liable from this day.",
            ),
            models.CheckConstraint(
                condition=known("role", Role),
                name="%(app_label)s_liability_role_known",
                violation_error_message="A person is liable as the first named, or jointly.",
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="%(app_label)s_liability_end_after_start",
                violation_error_message="A liability cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.account_id}"
