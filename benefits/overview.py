"""A claim as a resident needs to see it on a day: where it stands, what it gives, what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch

from benefits import rules
from benefits.models import Award, BenefitPayment, Claim, Kind, Overpayment
from benefits.models.claims import ClaimQuerySet
from benefits.rules import Change, StatusWords
from stockport.templatetags.portal import day, pounds


def with_details(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Claims with their awards, payments to come (only those) and overpayments: three queries."""
    return claims.prefetch_related(
        Prefetch("awards", Award.objects.order_by("-kind", "-start")),
        Prefetch("payments", BenefitPayment.objects.due()),
        Prefetch("overpayments", Overpayment.objects.order_by("-decided", "reference")),
    )


@dataclass(frozen=True)
class NextPayment:
    """A payment to come, against the weekly award."""

    payment: BenefitPayment
    weekly: Decimal | None
    changes_on: date | None  # the weekly award becomes another within the payment's dates
    recoveries: tuple[Decimal, ...]

    @property
    def change(self) -> Change | None:
        """Expected, reduced or increased; None where no award is known for its dates."""
        if self.weekly is None:
            return None
        return rules.change(self.payment.amount, self.weekly, *self.payment.period)

    @property
    def working(self) -> str:
        """How the amount comes about, in a sentence; empty where no award is known."""
        if self.weekly is None or self.change is None:
            return ""
        full = rules.full_amount(self.weekly, *self.payment.period)
        sum_of_weeks = f"{self.payment.length} at {pounds(self.weekly)} a week is {pounds(full)}."
        if self.change is Change.EXPECTED:
            return sum_of_weeks
        taken = rules.recovered_from(
            self.payment.amount, self.weekly, self.recoveries, *self.payment.period
        )
        if taken:
            return f"{sum_of_weeks} We take {pounds(taken)} back for an overpayment."
        if self.changes_on:
            return f"Your weekly award changes on {day(self.changes_on)}, within these dates."
        return f"{sum_of_weeks} Contact us if you do not know why this payment is different."


@dataclass(frozen=True)
class Overview:
    """A claim that was fetched with its details, on a day."""

    claim: Claim
    today: date

    @property
    def words(self) -> StatusWords:
        """What its state means."""
        return rules.status_words(self.claim.status)

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
    def support(self) -> list[Award]:
        """Awards that have reached a council tax bill."""
        return [award for award in self.awards if award.credited is not None]

    @cached_property
    def overpayments(self) -> list[Overpayment]:
        """What was paid too much, the latest decision first."""
        return list(self.claim.overpayments.all())

    @cached_property
    def next_payment(self) -> NextPayment | None:
        """The next payment of rent help, if the back office has one."""
        due = [payment for payment in self.claim.payments.all() if payment.kind == Kind.HB]
        return self._compared(due[0]) if due else None

    def _compared(self, payment: BenefitPayment) -> NextPayment:
        at_start = self._award_on(payment.kind, payment.period_start)
        at_end = self._award_on(payment.kind, payment.period_end)
        award = at_end or at_start
        recoveries = [
            overpayment.weekly_recovery
            for overpayment in self.overpayments
            if overpayment.method == Overpayment.Method.FROM_BENEFIT and overpayment.left
        ]
        return NextPayment(
            payment=payment,
            weekly=award.weekly if award else None,
            changes_on=at_end.start if at_end and at_end != at_start else None,
            recoveries=tuple(recoveries),
        )

    def _award_on(self, kind: str, when: date) -> Award | None:
        held = (award for award in self.awards if award.kind == kind and award.holds_on(when))
        return next(held, None)

    def expected_after(self, last: BenefitPayment) -> date | None:
        """When the payment after the last one is likely, where the back office names none."""
        if self.claim.status != Claim.Status.CURRENT or self.next_payment:
            return None
        length = last.period_end - last.period_start + timedelta(days=1)
        return rules.next_payment_date(last.period_end + length)
