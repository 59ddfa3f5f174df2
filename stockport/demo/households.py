"""Households: who lives where, and how they are with the council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stockport.demo.homes import DEMO, Home, Town, home
from stockport.demo.people import Person, person
from stockport.demo.plans import Plan, random_plan
from stockport.demo.residents import PLANS

SETTLED = timedelta(days=30)  # until a change has been billed and paid for


@dataclass(frozen=True)
class Household:
    """The people of one home, and the home they came from if they moved lately."""

    number: int
    plan: Plan
    home: Home
    left: Home | None
    lead: Person
    second: Person | None

    @property
    def people(self) -> list[Person]:
        """The adults who are liable, the first named first."""
        return [self.lead, self.second] if self.second else [self.lead]

    def account_reference(self, *, left: bool = False) -> str:
        """Ten digits beginning 50, as the council's own are."""
        return f"50{(20_000_000 + (self.number * 2 + left) * 70_489) % 100_000_000:08}"

    def moved_on(self, today: date) -> date | None:
        """The latest day of the year given in the plan that is a month or more ago."""
        return _latest(self.plan.moved, today)

    def relief_until(self, today: date) -> date | None:
        """The last day of what lowered the bill, where that has ended: a month or more ago."""
        return _latest(self.plan.relief_until, today)


def _latest(month_and_day: tuple[int, int] | None, today: date) -> date | None:
    if month_and_day is None:
        return None
    this_year = date(today.year, *month_and_day)
    return this_year if this_year + SETTLED <= today else this_year.replace(year=today.year - 1)


def household(seed: int, number: int, town: Town = DEMO) -> Household:
    """The household with this number: a demo resident's, or one drawn from the mix."""
    plan = PLANS.get(number) or random_plan(seed, number)
    return Household(
        number=number,
        plan=plan,
        home=home(seed, number, town, modest=plan.claim is not None),
        left=home(seed, town.left_homes + number, town) if plan.moved else None,
        lead=person(seed, number, pensioner=plan.pensioner),
        second=person(seed, number, joint=True) if plan.joint else None,
    )


def households(seed: int) -> list[Household]:
    """All of the demo's, in order."""
    return [household(seed, number) for number in range(DEMO.households)]
