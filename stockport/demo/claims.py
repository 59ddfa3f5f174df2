"""Claims for Housing Benefit and Council Tax Support, as the back office would have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stockport.demo.accounts import Account
from stockport.demo.plans import ClaimPlan
from stockport.demo.support import ended_on
from stockport.demo.years import TaxYear, monday_of, tax_year

DAY, WEEK = timedelta(days=1), timedelta(days=7)

STATUS_REASONS = {
    "suspended": "We were told that your income may have changed.",
    "defective": "Your claim form came without all its papers.",
    "cancelled": "Your income went above the limit for help.",
}
NEEDED = {
    "suspended": "Payslips for the last two months;"
    "Bank statements for the last two months, for every account",
    "defective": "Proof of your income, such as your latest pension letter;"
    "Proof of your National Insurance number",
}


@dataclass(frozen=True)
class Claim:
    """One claim on one day: its dates and what it waits for."""

    account: Account
    plan: ClaimPlan
    received: date
    decided: date | None
    begins: date  # a Monday: entitlement starts the Monday after the claim (reg 76)
    stops: date | None  # the last day that is paid for
    ended: date | None
    needed_by: date | None
    today: date

    @property
    def reference(self) -> str:
        """Eight digits."""
        return str(70_000_000 + self.account.household.number * 7_919)

    @property
    def status_reason(self) -> str:
        """Why the claim is on hold, incomplete or ended."""
        return STATUS_REASONS.get(self.plan.status, "")

    @property
    def needed(self) -> str:
        """What the council waits for, parted by semicolons."""
        return NEEDED.get(self.plan.status, "")

    @property
    def years(self) -> tuple[TaxYear, TaxYear]:
        """The two years that are shown."""
        return tax_year(self.today).previous, tax_year(self.today)


def claim_of(account: Account, today: date) -> Claim | None:
    """The claim of an account's household, if it has one."""
    plan = account.household.plan.claim
    if plan is None:
        return None
    this_monday = monday_of(today)
    received, decided = plan.received, tax_year(today).billed
    begins = monday_of(received) + WEEK
    stops = needed_by = None
    if plan.status == "cancelled":
        decided, stops = ended_on(today) - 2 * DAY, ended_on(today)
    elif plan.status == "suspended":
        stops, needed_by = this_monday - 2 * WEEK - DAY, this_monday + 18 * DAY
    elif plan.status == "future":
        received, decided = this_monday - 20 * DAY, this_monday - 3 * DAY
        begins = this_monday + 2 * WEEK
    elif not plan.decided_yet:
        received = this_monday - 17 * DAY
        needed_by = this_monday + 18 * DAY if plan.status == "defective" else None
    return Claim(
        account=account,
        plan=plan,
        received=received,
        decided=decided if plan.decided_yet else None,
        begins=begins,
        stops=stops,
        ended=stops if plan.status == "cancelled" else None,
        needed_by=needed_by,
        today=today,
    )
