"""The public face of this app."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from council_tax.card import card_of
from council_tax.models import (
    Account,
    ChargeLine,
    ChargePeriod,
    Document,
    Instalment,
    Liability,
    Notice,
    Opening,
    Request,
    Transaction,
    YearTotal,
)
from council_tax.overview import overviews_of
from council_tax.owed import money_of
from council_tax.recovery import is_by_instalments
from council_tax.rules import year_bounds
from stockport.money import pounds
from stockport.requested import hear
from stockport.services import Card, DatedEntry, Erasure, Kept, Money, Service
from stockport.services import Notice as MessageKind

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors.base import Update
    from stockport.outbox.models import Delivery

# The retention that Stockport Council's privacy notice for council tax gives.
YEARS_KEPT = 6
RULE_KEPT = "The council keeps council tax records for the financial year and 6 years after it."

OPENED = ("account_reference", "document_reference", "opened_at")
ASKED = (
    *("reference", "kind", "account_reference", "answers", "summary"),
    *("status", "status_at", "message", "created_at"),
)
LIABLE = "liabilities__person"
RECORDS = {
    "council_tax.account": (LIABLE,),
    "council_tax.chargeline": (f"period__account__{LIABLE}",),
    "council_tax.document": ("person",),
    "council_tax.liability": ("person",),
    "council_tax.opening": ("resident",),
    "council_tax.property": (f"accounts__{LIABLE}",),
    "council_tax.request": ("resident",),
    **{
        f"council_tax.{part}": (f"account__{LIABLE}",)
        for part in ("chargeperiod", "yeartotal", "instalment", "transaction", "notice")
    },
}


class CouncilTax(Service):
    slug = "council-tax"
    title = "Council tax"
    summary = "See your bill, what you have paid and what is due next."
    reference_label = "council tax account number"
    records_of_people = RECORDS
    notices = (MessageKind("council_tax_letter", "That a letter has come", can_disable=False),)

    def people_behind(self, references: Collection[str]) -> Iterable[tuple[int, str]]:
        liable = Liability.objects.filter(account__reference__in=references)
        return liable.values_list("person_id", "account__property__postcode").distinct()

    def card(self, resident: Resident) -> Card | None:
        overviews = overviews_of(resident, timezone.localdate())
        return card_of(overviews, reverse(self.url_name)) if overviews else None

    def dates(self, resident: Resident, start: date, end: date) -> Iterable[DatedEntry]:
        due = (
            Instalment.objects.for_resident(resident)
            .filter(due__range=(start, end), paid__lt=F("amount"), account__arrangement=False)
            .select_related("account")
            .order_by("due", "pk")
        )
        return [_entry(each) for each in due if _is_to_pay(each)]

    def money(self, resident: Resident, today: date, until: date) -> Money:
        """What is to pay and when, as the page of each account says it."""
        return money_of(overviews_of(resident, today), until)

    def hear(self, delivery: Delivery, update: Update) -> bool:
        """What the revenues team says about a request."""
        return hear(Request.objects.all(), delivery, update)

    def export(self, resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
        mine = Account.objects.for_resident(resident)
        people = Person.objects.for_resident(resident)
        yield "accounts", _rows(mine.order_by("reference"))
        yield "liabilities", _rows(Liability.objects.filter(person__in=people).order_by("pk"))
        for name, model in (
            ("charge_periods", ChargePeriod),
            ("charge_lines", ChargeLine),
            ("year_totals", YearTotal),
            ("instalments", Instalment),
            ("transactions", Transaction),
            ("notices", Notice),
            ("documents", Document),
        ):
            yield name, _rows(model.objects.for_resident(resident).order_by("pk"))
        openings = Opening.objects.for_resident(resident).order_by("pk")
        yield "letters_opened", list(openings.values(*OPENED))
        asked = Request.objects.for_resident(resident).order_by("pk")
        yield "requests", list(asked.values(*ASKED))

    def erase(self, resident: Resident) -> Erasure:
        """Requests and openings. Every other row is the back office's, and comes again."""
        deleted = Opening.objects.for_resident(resident).delete()[0]
        deleted += Request.objects.for_resident(resident).delete()[0]
        held = Account.objects.for_resident(resident).aggregate(
            accounts=Count("pk", distinct=True), year=Max("year_totals__year")
        )
        if not held["accounts"]:
            return Erasure(deleted=deleted)
        until = None
        if held["year"]:
            last = year_bounds(held["year"])[1]
            until = last.replace(year=last.year + YEARS_KEPT)
        kept = Kept("council tax accounts", rows=held["accounts"], rule=RULE_KEPT, until=until)
        return Erasure(deleted=deleted, kept=(kept,))


def _is_to_pay(instalment: Instalment) -> bool:
    account = instalment.account
    return is_by_instalments(account.stage, account.stage_date, instalment.year)


def _entry(instalment: Instalment) -> DatedEntry:
    account = instalment.account
    how = "taken by Direct Debit" if instalment.direct_debit else "to pay"
    return DatedEntry(
        when=instalment.due,
        title=f"Council tax: {pounds(instalment.left)} {how}",
        url=account.get_absolute_url(),
        uid=f"council-tax-{account.reference}-{instalment.year}-{instalment.number}",
        detail=f"Account {account.reference}",
        public_title=f"Council tax {how}",
    )


def _rows(rows: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in rows.values()]


service = CouncilTax()
