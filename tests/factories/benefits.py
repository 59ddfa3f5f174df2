"""Claims, who lives there, awards, payments, overpayments, decisions and what was asked for."""

import hashlib
from datetime import date
from decimal import Decimal
from uuid import uuid4

import factory
from django.utils import timezone

from benefits.models import (
    Award,
    AwardLine,
    BenefitPayment,
    Claim,
    ClaimDraft,
    ClaimMember,
    ClaimRequest,
    Decision,
    Document,
    EvidenceRequest,
    Opening,
    Overpayment,
    Paper,
    Recovery,
    Sending,
)
from tests.factories.accounts import PersonFactory, ResidentFactory
from tests.factories.feeds import ConfirmationFactory
from tests.factories.outbox import DeliveryFactory

LETTER = b"%PDF-1.4 as the benefits team printed it"


class ClaimFactory(factory.django.DjangoModelFactory[Claim]):
    class Meta:
        model = Claim

    class Params:
        as_at = factory.LazyFunction(timezone.now)
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
    confirmation = factory.SubFactory(
        ConfirmationFactory, table="claims", at=factory.SelfAttribute("..as_at")
    )


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


class ClaimMemberFactory(factory.django.DjangoModelFactory[ClaimMember]):
    class Meta:
        model = ClaimMember

    class Params:
        sharing = factory.Trait(person=factory.SubFactory(PersonFactory), may_see=True)

    claim = factory.SubFactory(ClaimFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    relation = "partner"
    name = "Sam Taylor"
    start = date(2026, 3, 2)
    may_see = False


class AwardLineFactory(factory.django.DjangoModelFactory[AwardLine]):
    class Meta:
        model = AwardLine

    award = factory.SubFactory(AwardFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    part = "award"
    words = "Your rent"
    amount = Decimal("112.40")


class RecoveryFactory(factory.django.DjangoModelFactory[Recovery]):
    class Meta:
        model = Recovery

    overpayment = factory.SubFactory(OverpaymentFactory)
    number = factory.Sequence(lambda n: n + 1)
    taken_on = date(2026, 10, 12)
    amount = Decimal("57.60")
    method = "from_benefit"


class DecisionFactory(factory.django.DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    claim = factory.SubFactory(ClaimFactory)
    reference = factory.Sequence(lambda n: f"D{n:06}")
    kind = "hb"
    decided = date(2026, 3, 20)
    start = date(2026, 4, 6)
    weekly = Decimal("112.40")
    reason = "Your rent went up."


class EvidenceRequestFactory(factory.django.DjangoModelFactory[EvidenceRequest]):
    class Meta:
        model = EvidenceRequest

    class Params:
        rejected = factory.Trait(state="rejected", state_reason="A page is missing.")

    claim = factory.SubFactory(ClaimFactory)
    reference = factory.Sequence(lambda n: f"E{n:06}")
    item = "Your bank statements"
    why = "We check your income once in a while."
    proofs = "Statements with your name on; Screenshots of every payment"
    asked = date(2026, 11, 16)
    due = date(2026, 12, 14)
    state = "asked"


class SendingFactory(factory.django.DjangoModelFactory[Sending]):
    class Meta:
        model = Sending

    reference = factory.Sequence(lambda n: f"EV-{n:06}")
    resident = factory.SubFactory(ResidentFactory)
    claim_reference = "60000001"
    request_reference = "E000001"
    item = "Your bank statements"
    delivery = factory.SubFactory(
        DeliveryFactory, kind="benefits_evidence", reference=factory.SelfAttribute("..reference")
    )


class PaperFactory(factory.django.DjangoModelFactory[Paper]):
    class Meta:
        model = Paper

    class Params:
        sent = factory.Trait(
            sending=factory.SubFactory(
                SendingFactory, resident=factory.SelfAttribute("..resident")
            ),
            delivery=factory.SubFactory(DeliveryFactory, kind="benefits_evidence_file"),
        )

    resident = factory.SubFactory(ResidentFactory)
    claim_reference = "60000001"
    request_reference = "E000001"
    position = factory.Sequence(lambda n: n % 10 + 1)
    kind = "jpg"
    name = "payslip.jpg"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    file = "benefits/none.jpg"
    size = 1000


class DocumentFactory(factory.django.DjangoModelFactory[Document]):
    class Meta:
        model = Document

    claim = factory.SubFactory(ClaimFactory)
    reference = factory.Sequence(lambda n: f"L{n}")
    type = "decision"
    issued = date(2026, 3, 14)
    year = "2026/27"
    person = factory.SelfAttribute("claim.person")
    pages = 2
    sha256 = hashlib.sha256(LETTER).hexdigest()
    size = len(LETTER)
    file = factory.LazyAttribute(lambda document: f"2026/{document.reference}.pdf")


class OpeningFactory(factory.django.DjangoModelFactory[Opening]):
    class Meta:
        model = Opening

    resident = factory.SubFactory(ResidentFactory)
    claim_reference = "60000001"
    document_reference = "L1"


class ClaimRequestFactory(factory.django.DjangoModelFactory[ClaimRequest]):
    class Meta:
        model = ClaimRequest

    class Params:
        support = factory.Trait(
            kind="support",
            decision_reference="D001",
            answers=factory.LazyFunction(lambda: {"decided": "2026-03-20", "why": "The band."}),
        )

    reference = factory.Sequence(lambda n: f"BN-{n:04}-TEST")
    kind = "bank"
    resident = factory.SubFactory(ResidentFactory)
    claim_reference = "60000001"
    person_reference = "P1"
    answers = factory.LazyFunction(lambda: {"holder": "Ada Shaw", "ending": "ending 6819"})
    summary = factory.LazyFunction(lambda: [["Name on the account", "Ada Shaw"]])
    form_token = factory.LazyFunction(uuid4)
    delivery = factory.SubFactory(DeliveryFactory, kind="benefits_request")


class ClaimDraftFactory(factory.django.DjangoModelFactory[ClaimDraft]):
    class Meta:
        model = ClaimDraft

    resident = factory.SubFactory(ResidentFactory)
    key = factory.LazyFunction(uuid4)
    form = "change"
