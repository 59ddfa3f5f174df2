"""Claims, awards, payments and overpayments."""

from datetime import date
from decimal import Decimal

import factory

from benefits.models import Award, BenefitPayment, Claim, Overpayment
from tests.factories.accounts import PersonFactory


class ClaimFactory(factory.django.DjangoModelFactory[Claim]):
    class Meta:
        model = Claim

    class Params:
        suspended = factory.Trait(
            status=Claim.Status.SUSPENDED,
            status_reason="Your hours at work may have changed.",
            needed="Your last two months' payslips; A letter from your landlord",
            needed_by=date(2026, 12, 14),
        )
        stopped = factory.Trait(status=Claim.Status.CANCELLED, ended=date(2026, 9, 27))

    source = "revenues"
    reference = factory.Sequence(lambda n: f"6{n:07}")
    person = factory.SubFactory(PersonFactory)
    place_reference = "1"
    type = Claim.Type.HB_CTS
    status = Claim.Status.CURRENT
    received = date(2026, 3, 2)
    decided = date(2026, 3, 20)
    address = "4 Example Street, Stockport"
    postcode = "SK1 3XE"
    tenancy = Claim.Tenancy.PRIVATE
    council_tax_account = "5000000001"


class AwardFactory(factory.django.DjangoModelFactory[Award]):
    class Meta:
        model = Award

    class Params:
        support = factory.Trait(
            kind="cts", weekly=Decimal("20.00"), year="2026/27", credited=Decimal("1042.86")
        )

    claim = factory.SubFactory(ClaimFactory)
    kind = "hb"
    start = date(2026, 4, 6)
    weekly = Decimal("112.40")


class BenefitPaymentFactory(factory.django.DjangoModelFactory[BenefitPayment]):
    class Meta:
        model = BenefitPayment

    class Params:
        due = factory.Trait(state="due", paid_on=date(2026, 12, 7))
        support = factory.Trait(kind="cts", payee="council_tax_account", destination="")

    claim = factory.SubFactory(ClaimFactory)
    kind = "hb"
    number = factory.Sequence(lambda n: n + 1)
    state = "paid"
    paid_on = date(2026, 11, 9)
    amount = Decimal("449.60")
    period_start = date(2026, 10, 12)
    period_end = date(2026, 11, 8)
    payee = "claimant"
    destination = "ending 4321"


class OverpaymentFactory(factory.django.DjangoModelFactory[Overpayment]):
    class Meta:
        model = Overpayment

    class Params:
        invoiced = factory.Trait(method="invoice", weekly_recovery=Decimal("0.00"))

    claim = factory.SubFactory(ClaimFactory)
    reference = factory.Sequence(lambda n: f"OP{n:06}")
    period_start = date(2026, 1, 5)
    period_end = date(2026, 2, 15)
    original = Decimal("412.80")
    recovered = Decimal("115.20")
    weekly_recovery = Decimal("14.40")
    method = "from_benefit"
    decided = date(2026, 3, 20)
