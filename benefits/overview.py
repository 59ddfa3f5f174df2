"""A claim as a resident needs to see it on a day: where it stands, what it gives, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch

from accounts.models import Resident
from benefits import rules
from benefits.coming import NextPayment, parts_of
from benefits.models import (
    Award,
    BenefitPayment,
    Claim,
    Decision,
    EvidenceRequest,
    Kind,
    Overpayment,
)
from benefits.models.claims import ClaimQuerySet
from benefits.rules import StatusWords
from stockport.templatetags.portal import day


def with_awards(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Claims with their awards and overpayments: two queries."""
    return claims.for_pages().prefetch_related(
        Prefetch("awards", Award.objects.order_by("-kind", "-start")),
        Prefetch("overpayments", Overpayment.objects.order_by("-decided", "reference")),
    )


def with_due(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Claims with their payments to come, and no others: one query."""
    return claims.prefetch_related(
        Prefetch("payments", BenefitPayment.objects.of_money().due()),
    )


def with_letters(claims: ClaimQuerySet, resident: Resident) -> ClaimQuerySet:
    """Claims with what was decided, and what was asked for with what the resident sent: two
    queries.
    """
    asked = EvidenceRequest.objects.with_sent_by(resident).soonest_first()
    return claims.prefetch_related(
        Prefetch("evidence_requests", asked),
        Prefetch("decisions", Decision.objects.newest_first()),
    )


@dataclass(frozen=True)
class Overview:
    """A claim that was fetched with its details, on a day."""

    claim: Claim
    today: date
    due: Sequence[BenefitPayment]  # payments of money to come, the soonest first

    @property
    def words(self) -> StatusWords:
        """What its state means."""
        return rules.status_words(self.claim.state)

    @property
    def dated(self) -> str:
        """The day that the state is about, in a sentence; empty where there is none."""
        starts = min((award.start for award in self.awards), default=None)
        if self.claim.status == Claim.Status.FUTURE and starts:
            return f"It starts on {day(starts)}."
        if self.claim.status == Claim.Status.CANCELLED and self.claim.ended:
            return f"Its last day was {day(self.claim.ended)}."
        return ""

    @property
    def waits_for_resident(self) -> bool:
        """Whether nothing goes on until the resident sends something."""
        return self.claim.status in Claim.WAITING_FOR_RESIDENT

    @property
    def needed_is_late(self) -> bool:
        """Whether the day to send it by has passed."""
        return self.claim.needed_by is not None and self.claim.needed_by < self.today

    @cached_property
    def awards(self) -> list[Award]:
        """Every award, Housing Benefit first, the newest first."""
        return list(self.claim.awards.all())

    @property
    def live_awards(self) -> list[Award]:
        """Awards that hold on the day or are still to come; none once the claim has ended."""
        if self.claim.status == Claim.Status.CANCELLED:
            return []
        return [award for award in self.awards if award.end is None or award.end >= self.today]

    @property
    def depends_on_income(self) -> bool:
        """Whether some help that goes on can change with the income."""
        return any(award.kind in (Kind.HB, Kind.CTS) for award in self.live_awards)

    @property
    def support(self) -> list[Award]:
        """Awards that have reached a council tax bill."""
        return [award for award in self.awards if award.credited is not None]

    @cached_property
    def overpayments(self) -> list[Overpayment]:
        """What was paid too much, the latest decision first."""
        return list(self.claim.overpayments.all())

    @cached_property
    def requests(self) -> list[EvidenceRequest]:
        """What was asked for, the first to be sent first."""
        return list(self.claim.evidence_requests.all())

    @cached_property
    def decisions(self) -> list[Decision]:
        """Every decision letter, the latest first."""
        return list(self.claim.decisions.all())

    @property
    def decisions_in_force(self) -> list[Decision]:
        """The letters about help that goes on; all of them once none does."""
        kinds = {award.kind for award in self.live_awards}
        return [each for each in self.decisions if not kinds or each.kind in kinds]

    @property
    def rent_decided(self) -> date | None:
        """The date of the latest decision about Housing Benefit."""
        letters = [each.decided for each in self.decisions if each.kind == Kind.HB]
        return letters[0] if letters else self.claim.decided

    @property
    def includes_housing_payment(self) -> bool:
        """Whether it gives help from a fund, about which no tribunal decides."""
        return any(award.kind in (Kind.CRF, Kind.DHP) for award in self.awards)

    @cached_property
    def next_payments(self) -> list[NextPayment]:
        """The next payment of each kind of money, Housing Benefit first."""
        first: dict[str, BenefitPayment] = {}
        for payment in self.due:
            first.setdefault(payment.kind, payment)
        return [self.compared(first[kind]) for kind in Kind if kind in first]

    @property
    def next_payment(self) -> NextPayment | None:
        """The first of the next payments, if the back office has one."""
        return next(iter(self.next_payments), None)

    def compared(self, payment: BenefitPayment) -> NextPayment:
        """A payment to come against the awards that it is for."""
        recoveries = [
            overpayment.weekly_recovery
            for overpayment in self.overpayments
            if overpayment.method == Overpayment.Method.FROM_BENEFIT and overpayment.left
        ]
        return NextPayment(payment, parts_of(payment, self.awards), tuple(recoveries))

    def expected_after(self, last: BenefitPayment) -> date | None:
        """When the payment after the last one is likely, where the back office names none."""
        if self.claim.status != Claim.Status.CURRENT or self.next_payment:
            return None
        return rules.next_payment_date(rules.following_end(*last.period))
