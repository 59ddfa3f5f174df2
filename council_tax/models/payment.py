"""What is to be paid when, and what has happened on an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, Sum, Window
from django.db.models.functions import Cast, JSONObject

from council_tax.models.account import Account
from council_tax.models.codes import TransactionType
from council_tax.models.fields import known
from stockport.years import year_format

if TYPE_CHECKING:
    from accounts.models import Resident


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    """Instalments."""

    def for_resident(self, resident: Resident) -> InstalmentQuerySet:
        """The instalments of this resident's accounts."""
        return self.filter(account__in=Account.objects.for_resident(resident))

    def of_each_account(self) -> ArraySubquery:
        """Those of an account in the order they are due, for one query of accounts to bring along.

        Each as `Instalment.told` reads it.
        """
        # Amounts as text: a number of JSON is a float, and pennies are not.
        amounts = {name: Cast(name, models.TextField()) for name in ("amount", "paid")}
        of_account = self.filter(account=OuterRef("pk")).order_by("due", "number")
        data = JSONObject(
            year="year", number="number", due="due", direct_debit="direct_debit", **amounts
        )
        return ArraySubquery(of_account.values(data=data))


class Instalment(models.Model):
    """A part of a year's bill that is due on one day, and how much of it has been paid."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="instalments", db_index=False
    )
    year = models.CharField(max_length=7)
    number = models.PositiveSmallIntegerField()
    due = models.DateField()
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    paid = models.DecimalField(max_digits=10, decimal_places=2)
    direct_debit = models.BooleanField("collected by Direct Debit")

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "year", "number"],
                name="%(app_label)s_instalment_unique",
                violation_error_message="This account already has this instalment.",
            ),
            models.CheckConstraint(
                condition=year_format(),
                name="%(app_label)s_instalment_year_format",
                violation_error_message="Write the year as 2026/27.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="%(app_label)s_instalment_amount_positive",
                violation_error_message="An instalment is more than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0, paid__lte=F("amount")),
                name="%(app_label)s_instalment_paid_within_amount",
                violation_error_message="Between nothing and all of an instalment can be paid.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}, instalment {self.number}"

    @classmethod
    def told(cls, account: Account, data: Mapping[str, Any]) -> Instalment:
        """One of an account's, from what `of_each_account` says of it."""
        due = date.fromisoformat(data["due"])
        amounts = {name: Decimal(data[name]) for name in ("amount", "paid")}
        return cls(account=account, **{**data, **amounts, "due": due})

    @property
    def left(self) -> Decimal:
        """What is still to be paid of it, in pounds."""
        return self.amount - self.paid


class TransactionQuerySet(models.QuerySet["Transaction"]):
    """Transactions."""

    def for_resident(self, resident: Resident) -> TransactionQuerySet:
        """The transactions of this resident's accounts."""
        return self.filter(account__in=Account.objects.for_resident(resident))

    def with_balance(self) -> TransactionQuerySet:
        """Newest first, each with `balance_after`: its account's balance after it, in pounds."""
        after = {
            "balance_after": Window(
                Sum("amount"),
                partition_by=F("account"),
                order_by=[F("posted").asc(), F("number").asc()],
            )
        }
        return self.annotate(**after).order_by("-posted", "-number")


class Transaction(models.Model):
    """One movement on an account. Equal ones on one day are told apart by their number."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="transactions", db_index=False
    )
    number = models.PositiveIntegerField()
    year = models.CharField(max_length=7)
    posted = models.DateField()
    type = models.CharField(max_length=20, choices=TransactionType)
    subcode = models.CharField(max_length=20, blank=True)
    amount = models.DecimalField(
        max_digits=10, decimal_places=2, help_text="Pounds: above zero adds to what is owed."
    )
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    description = models.CharField(max_length=200, blank=True)

    balance_after: Decimal  # from with_balance()

    objects = TransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "number"],
                name="%(app_label)s_transaction_unique",
                violation_error_message="This account already has this transaction.",
            ),
            models.CheckConstraint(
                condition=year_format(),
                name="%(app_label)s_transaction_year_format",
                violation_error_message="Write the year as 2026/27.",
            ),
            models.CheckConstraint(
                condition=known("type", TransactionType),
                name="%(app_label)s_transaction_type_known",
                violation_error_message="A transaction is of one of the types listed.",
            ),
            models.CheckConstraint(
                condition=Q(period_start=None)
                | Q(period_end=None)
                | Q(period_end__gte=F("period_start")),
                name="%(app_label)s_transaction_period_ordered",
                violation_error_message="A period cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.posted}"
