"""What benefits say on the money page: what is given and taken back, and what is paid next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from benefits import rules
from benefits.history import days_of, year_of
from benefits.models import BenefitPayment, Claim, Overpayment, Recovery
from benefits.models.claims import ClaimQuerySet
from benefits.overview import Overview, with_awards
from benefits.tables import dates, recovery_words, span
from stockport.services import Figure, Flow, Home, Money, Movement, Note
from stockport.templatetags.portal import day

if TYPE_CHECKING:
    from accounts.models import Resident

PAID_TO = {
    BenefitPayment.Payee.CLAIMANT: "paid to you",
    BenefitPayment.Payee.LANDLORD: "paid to your landlord",
    BenefitPayment.Payee.RENT_ACCOUNT: "paid to your rent account",
}


def money_of(resident: Resident, today: date, until: date) -> Money:
    """The claims of a resident, in every state: five queries."""
    first_day, _ = days_of(year_of(today))
    claims = _with_money_since(first_day, Claim.objects.for_resident(resident))
    overviews = [Overview(claim, today, ()) for claim in claims.most_pressing_first()]
    return Money(
        figures=[one for each in overviews for one in _figures(each)],
        movements=[one for each in overviews for one in _movements(each, until)],
        notes=[one for each in overviews for one in _notes(each)],
        as_at=min((each.claim.as_at for each in overviews), default=None),
    )


def _with_money_since(first_day: date, claims: ClaimQuerySet) -> ClaimQuerySet:
    """Claims with awards and overpayments, and what was paid and taken back from a day on."""
    money = BenefitPayment.objects.of_money().order_by("paid_on", "number")
    state = BenefitPayment.State
    wanted = Q(state=state.DUE) | Q(state=state.PAID, paid_on__gte=first_day)
    taken = Recovery.objects.filter(taken_on__gte=first_day)
    return with_awards(claims).prefetch_related(
        Prefetch("payments", money.filter(wanted)), Prefetch("overpayments__recoveries", taken)
    )


def _home(claim: Claim) -> Home:
    return Home(claim.address, claim.postcode)


def _figures(overview: Overview) -> Iterator[Figure]:
    yield from _support(overview)
    yield from _paid(overview)
    yield from _taken_back(overview)
    yield from _left(overview)


def _figure(claim: Claim, title: str, words: str, amount: Decimal, detail: str = "") -> Figure:
    return Figure(title, words, amount, claim.get_absolute_url(), _home(claim), detail)


def _support(overview: Overview) -> Iterator[Figure]:
    """What the year's bill is lower by: the figure of the claim's page and of the bill."""
    year = year_of(overview.today)
    for award in overview.support:
        if award.year == year:
            title = f"Council Tax Support in {year}, already off your bill"
            yield _figure(overview.claim, title, dates(award), award.credited or Decimal(0))


def _paid(overview: Overview) -> Iterator[Figure]:
    """What was paid since April, by kind and by who got it."""
    totals: dict[str, list[BenefitPayment]] = {}
    for payment in overview.claim.payments.all():
        if payment.state == BenefitPayment.State.PAID:
            words = f"{payment.get_kind_display()}, {PAID_TO[BenefitPayment.Payee(payment.payee)]}"
            totals.setdefault(words, []).append(payment)
    title = f"Benefit that we have paid in {year_of(overview.today)}"
    for words, payments in totals.items():
        amount = sum((payment.amount for payment in payments), Decimal("0.00"))
        number = f"{len(payments)} payment{'' if len(payments) == 1 else 's'}"
        yield _figure(overview.claim, title, words, amount, number)


def _taken_back(overview: Overview) -> Iterator[Figure]:
    """What was paid back of each overpayment since April."""
    title = f"Overpayments that you have paid back in {year_of(overview.today)}"
    for overpayment in overview.overpayments:
        amount = sum((each.amount for each in overpayment.recoveries.all()), Decimal("0.00"))
        if amount:
            yield _figure(overview.claim, title, _overpaid(overpayment), amount)


def _left(overview: Overview) -> Iterator[Figure]:
    """What is left of each overpayment, and how it is paid back."""
    for overpayment in overview.overpayments:
        if overpayment.left:
            yield _figure(
                overview.claim,
                "Overpayments left to pay back",
                _overpaid(overpayment),
                overpayment.left,
                recovery_words(overpayment),
            )


def _overpaid(overpayment: Overpayment) -> str:
    return f"Overpaid for {span(overpayment.period_start, overpayment.period_end)}"


def _movements(overview: Overview, until: date) -> Iterator[Movement]:
    """The payments that the back office has named, with what is unusual about them."""
    for payment in overview.claim.payments.all():
        is_due = payment.state == BenefitPayment.State.DUE
        if is_due and overview.today <= payment.paid_on <= until:
            yield _movement(overview, payment)


def _movement(overview: Overview, payment: BenefitPayment) -> Movement:
    payee = BenefitPayment.Payee(payment.payee)
    compared = overview.compared(payment)
    differs = compared.change not in (None, rules.Change.EXPECTED)
    why = f" {compared.change}: {compared.working}" if differs else ""
    return Movement(
        when=payment.paid_on,
        words=payment.get_kind_display(),
        amount=payment.amount,
        flow=Flow.IN if payee is BenefitPayment.Payee.CLAIMANT else Flow.ELSEWHERE,
        url=overview.claim.get_absolute_url(),
        home=_home(overview.claim),
        detail=f"For {span(*payment.period)}, {PAID_TO[payee]}.{why}",
    )


def _notes(overview: Overview) -> Iterator[Note]:
    """Why a claim pays nothing at present, what to do, and that its figures are not the newest."""
    claim = overview.claim
    said = list(_held_up(overview))
    if claim.checked_since:
        said.append("Newer figures are being checked.")
    if said:
        url, home = claim.get_absolute_url(), _home(claim)
        yield Note(claim.get_type_display(), " ".join(said), url, home)


def _held_up(overview: Overview) -> Iterator[str]:
    claim = overview.claim
    if claim.status in (Claim.Status.CURRENT, Claim.Status.CANCELLED):
        return
    by = f"The last day for it is {day(claim.needed_by)}." if claim.needed_by else ""
    said = (overview.words.meaning, overview.dated, overview.words.next_step, by)
    yield from (sentence for sentence in said if sentence)
