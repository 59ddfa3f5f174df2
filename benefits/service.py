"""The public face of this app."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from benefits import papers, requests, rules
from benefits.export import personal_data
from benefits.given import money_of
from benefits.models import BenefitPayment, Claim, ClaimMember, ClaimRequest, Opening
from stockport.feeds.freshness import is_older_than_usual
from stockport.requested import hear
from stockport.services import Card, DatedEntry, Erasure, Kept, Money, Notice, Service
from stockport.templatetags.portal import day, pounds

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors.base import Update
    from stockport.outbox.models import Delivery

KEPT_RULE = (
    "the council’s own benefit records stay for 6 years after the year of the last payment,"
    " so that it can account for what it paid (UK GDPR, article 17(3)(b))"
)


MOST_AT_ONCE = 10  # payments of one day

CLAIMANT = "claim__person"
RECORDS = {
    "benefits.award": (CLAIMANT,),
    "benefits.benefitpayment": (CLAIMANT,),
    "benefits.claim": ("person",),
    "benefits.claimdraft": ("resident",),
    "benefits.claimrequest": ("resident",),
    "benefits.document": ("person",),
    "benefits.opening": ("resident",),
    "benefits.overpayment": (CLAIMANT,),
    "benefits.sending": ("resident",),
}


class Benefits(Service):
    slug = "benefits"
    title = "Benefits"
    summary = "See your Housing Benefit and Council Tax Support."
    reference_label = "benefit claim number"
    records_of_people = RECORDS
    notices = (Notice("benefits_letter", "That a letter has come", can_disable=False),)

    def people_behind(self, references: Collection[str]) -> Iterable[tuple[int, str]]:
        claims = Claim.objects.filter(reference__in=references)
        yield from claims.values_list("person_id", "person__postcode")
        partners = ClaimMember.objects.filter(
            claim__in=claims, relation=ClaimMember.Relation.PARTNER, person__isnull=False
        )
        yield from partners.values_list("person_id", "person__postcode")

    def card(self, resident: Resident) -> Card | None:
        claim = Claim.objects.for_resident(resident).most_pressing_first().first()
        return replace(self._card(claim, resident), as_at=claim.as_at) if claim else None

    def _card(self, claim: Claim, resident: Resident) -> Card:
        words = rules.status_words(claim.state)
        if claim.status in Claim.WAITING_FOR_RESIDENT:
            by = f" by {day(claim.needed_by)}" if claim.needed_by else ""
            detail = f"Send us what we ask for{by}. {_dated(claim)}"
            return Card(self.title, claim.get_absolute_url(), words.label, detail, urgent=True)
        due = list(BenefitPayment.objects.for_resident(resident).due()[:MOST_AT_ONCE])
        if not due:
            detail = f"{words.meaning} {_dated(claim)}"
            return Card(self.title, reverse("benefits:index"), words.label, detail)
        status, detail = _next(due)
        return Card(self.title, reverse("benefits:index"), status, f"{detail} {_dated(claim)}")

    def dates(self, resident: Resident, start: date, end: date) -> Iterable[DatedEntry]:
        due = BenefitPayment.objects.for_resident(resident).due().select_related("claim")
        for payment in due.filter(paid_on__range=(start, end)):
            yield DatedEntry(
                when=payment.paid_on,
                title=f"{payment.get_kind_display()}: {pounds(payment.amount)} paid",
                url=payment.claim.get_absolute_url(),
                uid=f"benefits-{payment.claim.reference}-{payment.kind}-{payment.number}",
                detail=f"Paid to: {payment.get_payee_display().lower()}",
                public_title="Payment from the council",
            )
        claims = Claim.objects.for_resident(resident).most_pressing_first()
        waiting = claims.filter(status__in=Claim.WAITING_FOR_RESIDENT)
        for claim in waiting.filter(needed_by__range=(start, end)):
            if claim.needed_by:
                yield DatedEntry(
                    when=claim.needed_by,
                    title="Last day to send what your benefit claim needs",
                    url=claim.get_absolute_url(),
                    uid=f"benefits-{claim.reference}-needed",
                    detail="; ".join(claim.needed_items),
                    public_title="Last day to send documents to the council",
                )

    def money(self, resident: Resident, today: date, until: date) -> Money:
        """What is given and taken back, and what is paid next, as the page of each claim says."""
        return money_of(resident, today, until)

    def export(self, resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
        return personal_data(resident)

    def hear(self, delivery: Delivery, update: Update) -> bool:
        """What the benefits team says about papers or a request."""
        heard = papers.hear(delivery=delivery, update=update)
        return heard or hear(ClaimRequest.objects.all(), delivery, update)

    @transaction.atomic
    def erase(self, resident: Resident) -> Erasure:
        """What the resident sent and opened goes; the claims are the back office's and stay."""
        deleted = papers.erase(resident=resident)
        deleted += requests.erase(resident=resident)
        deleted += Opening.objects.for_resident(resident).delete()[0]
        rows = Claim.objects.for_resident(resident).count()
        kept = (Kept("Benefit claims", rows, KEPT_RULE, None),) if rows else ()
        return Erasure(deleted=deleted, kept=kept)


def _next(due: Sequence[BenefitPayment]) -> tuple[str, str]:
    """What comes on the next day of payment: how much together, and which help goes to whom."""
    together = [payment for payment in due if payment.paid_on == due[0].paid_on]
    amount = sum((payment.amount for payment in together), Decimal("0.00"))
    kinds = " and ".join(dict.fromkeys(payment.get_kind_display() for payment in together))
    payees = dict.fromkeys(payment.get_payee_display().lower() for payment in together)
    status = f"{pounds(amount)} on {day(due[0].paid_on)}"
    return status, f"{kinds}, paid to: {' and '.join(payees)}."


def _dated(claim: Claim) -> str:
    """How old what is said of a claim is, in a sentence."""
    old = ", which is older than usual" if is_older_than_usual(claim.as_at) else ""
    return f"As at {day(claim.as_at)}{old}."


service = Benefits()
