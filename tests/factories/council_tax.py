"""Council tax accounts and what hangs on them; the figures of `household` add up."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from uuid import uuid4

import factory

from accounts.models import Person, Resident
from council_tax.models import (
    Account,
    ChargeLine,
    ChargePeriod,
    Document,
    Element,
    Instalment,
    Liability,
    Notice,
    Opening,
    Property,
    Request,
    Transaction,
    YearTotal,
)
from tests.factories.accounts import PersonFactory, PersonLinkFactory, ResidentFactory
from tests.factories.feeds import AS_AT, ConfirmationFactory
from tests.factories.outbox import DeliveryFactory

YEAR = "2026/27"
LETTER = b"%PDF-1.4 as the council printed it"


class PropertyFactory(factory.django.DjangoModelFactory[Property]):
    class Meta:
        model = Property

    source = "revenues"
    reference = factory.Sequence(lambda n: f"R{n:06}")
    uprn = factory.Sequence(lambda n: f"{100000000 + n}")
    address_line_1 = factory.Sequence(lambda n: f"{n + 1} High Street")
    town = "Stockport"
    postcode = "SK1 3XE"
    band = "A"


class AccountFactory(factory.django.DjangoModelFactory[Account]):
    class Meta:
        model = Account

    class Params:
        as_at = AS_AT

    source = "revenues"
    reference = factory.Sequence(lambda n: f"50{n:08}")
    property = factory.SubFactory(PropertyFactory)
    status = "open"
    opened = date(2020, 4, 1)
    balance = Decimal("270.00")
    payment_method = "direct_debit"
    payment_day = 1
    bank_last4 = "4321"
    stage = "bill"
    confirmation = factory.SubFactory(ConfirmationFactory, at=factory.SelfAttribute("..as_at"))


class LiabilityFactory(factory.django.DjangoModelFactory[Liability]):
    class Meta:
        model = Liability

    account = factory.SubFactory(AccountFactory)
    person = factory.SubFactory(PersonFactory)
    role = "lead"
    start = date(2020, 4, 1)


class ElementFactory(factory.django.DjangoModelFactory[Element]):
    class Meta:
        model = Element

    year = YEAR
    band = "A"
    element = "council"
    amount = Decimal("1000.00")


class ChargePeriodFactory(factory.django.DjangoModelFactory[ChargePeriod]):
    class Meta:
        model = ChargePeriod

    account = factory.SubFactory(AccountFactory)
    year = YEAR
    sequence = 1
    start = date(2026, 4, 1)
    end = date(2027, 3, 31)
    days = factory.LazyAttribute(lambda period: (period.end - period.start).days + 1)
    band_listed = "A"
    band_charged = "A"
    gross = Decimal("1200.00")
    net = Decimal("900.00")


class ChargeLineFactory(factory.django.DjangoModelFactory[ChargeLine]):
    class Meta:
        model = ChargeLine

    period = factory.SubFactory(ChargePeriodFactory)
    line = 1
    type = "discount"
    code = "SPD"
    reason = "Only one adult lives here"
    percent = Decimal("25.00")
    amount = Decimal("-300.00")


class YearTotalFactory(factory.django.DjangoModelFactory[YearTotal]):
    class Meta:
        model = YearTotal

    account = factory.SubFactory(AccountFactory)
    year = YEAR
    charge = Decimal("900.00")
    payments = Decimal("630.00")
    refunds = costs = penalties = transfers = write_offs = Decimal("0.00")
    outstanding = factory.LazyAttribute(
        lambda t: (
            t.charge + t.costs + t.penalties + t.refunds + t.transfers + t.write_offs - t.payments
        )
    )


class InstalmentFactory(factory.django.DjangoModelFactory[Instalment]):
    class Meta:
        model = Instalment

    account = factory.SubFactory(AccountFactory)
    year = YEAR
    number = factory.Sequence(lambda n: n + 1)
    due = date(2026, 12, 1)
    amount = Decimal("90.00")
    paid = Decimal("0.00")
    direct_debit = True


class TransactionFactory(factory.django.DjangoModelFactory[Transaction]):
    class Meta:
        model = Transaction

    account = factory.SubFactory(AccountFactory)
    number = factory.Sequence(lambda n: n + 1)
    year = YEAR
    posted = date(2026, 3, 10)
    type = "charge"
    amount = Decimal("900.00")


class NoticeFactory(factory.django.DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    account = factory.SubFactory(AccountFactory)
    reference = factory.Sequence(lambda n: f"N{n}")
    type = "bill"
    issued = date(2026, 3, 14)
    year = YEAR
    amount = Decimal("900.00")


class DocumentFactory(factory.django.DjangoModelFactory[Document]):
    class Meta:
        model = Document

    account = factory.SubFactory(AccountFactory)
    reference = factory.Sequence(lambda n: f"D{n}")
    type = "bill"
    issued = date(2026, 3, 14)
    year = YEAR
    person = factory.SubFactory(PersonFactory)
    pages = 1
    sha256 = hashlib.sha256(LETTER).hexdigest()
    size = len(LETTER)
    file = factory.LazyAttribute(lambda document: f"2026/{document.reference}.pdf")


class OpeningFactory(factory.django.DjangoModelFactory[Opening]):
    class Meta:
        model = Opening

    resident = factory.SubFactory(ResidentFactory)
    account_reference = "5000000001"
    document_reference = "D1"


class RequestFactory(factory.django.DjangoModelFactory[Request]):
    class Meta:
        model = Request

    reference = factory.Sequence(lambda n: f"CT-{n:04}-TEST")
    kind = "looks_wrong"
    resident = factory.SubFactory(ResidentFactory)
    account_reference = factory.Sequence(lambda n: f"50{n:08}")
    person_reference = "P1"
    answers = factory.LazyFunction(lambda: {"what": "The band."})
    summary = factory.LazyFunction(lambda: [["What looks wrong?", "The band."]])
    form_token = factory.LazyFunction(uuid4)
    delivery = factory.SubFactory(DeliveryFactory, kind="council_tax_request")


def elements() -> None:
    """Band A of 2026/27: £1,200.00."""
    ElementFactory()
    ElementFactory(element="police_and_mayoral", amount=Decimal("200.00"))


def household(resident: Resident | None = None, paid: int = 7, **fields: object) -> Account:
    """An account with a discount, ten instalments from April of which some are paid."""
    account = AccountFactory.create(balance=Decimal(900 - 90 * paid), **fields)
    person = person_of(resident)
    LiabilityFactory(account=account, person=person)
    NoticeFactory(account=account)
    DocumentFactory(account=account, person=person)
    period = ChargePeriodFactory.create(account=account)
    ChargeLineFactory(period=period)
    YearTotalFactory(account=account, payments=Decimal(90 * paid))
    TransactionFactory(account=account, number=1)
    for n in range(10):
        due = date(2026 + (n + 3) // 12, (n + 3) % 12 + 1, 1)
        done = Decimal(90 if n < paid else 0)
        InstalmentFactory(account=account, number=n + 1, due=due, paid=done)
        if done:
            TransactionFactory(
                account=account,
                number=n + 2,
                posted=due,
                type="payment",
                subcode="DIRECTDEBIT",
                amount=-done,
            )
    return account


def person_of(resident: Resident | None) -> Person:
    """The person that this resident is linked to, or somebody else."""
    person: Person = PersonFactory.create()
    if resident is None:
        return person
    if link := resident.person_links.first():
        return link.person
    PersonLinkFactory(resident=resident, person=person)
    return person
