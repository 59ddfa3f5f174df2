"""What a household is like: how it pays, what lowers or raises its bill, and what it claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Pays(StrEnum):
    """How a household pays its council tax."""

    ON_TIME = "on time"
    IN_ADVANCE = "the whole year when the bill comes"
    TOO_MUCH = "the whole year, before its discount was known"
    MISSED_ONE = "all but the latest instalment"
    MISSED_THREE = "all but the latest three instalments"
    NOT_LAST_YEAR = "this year, but most of last year is owed under a liability order"


class Relief(StrEnum):
    """What changes a household's bill, apart from support."""

    NONE = "nothing"
    SINGLE = "single person discount"
    DISREGARDED = "every adult is disregarded"
    STUDENTS = "exempt: students only"
    IMPAIRED = "exempt: severely mentally impaired"
    DISABLED = "disabled band reduction"
    EMPTY = "long-term empty premium"
    CARE_LEAVER = "care leaver"


@dataclass(frozen=True)
class ClaimPlan:
    """A claim for help with the rent, the council tax bill, or both."""

    status: str = "current"
    type: str = "hb_cts"
    tenancy: str = "private"
    payee: str = "claimant"
    weeks: int = 4  # that one payment covers
    rooms: str = "1 bed"  # whose local housing allowance the rent is near
    rent_share: Decimal = Decimal("0.86")  # of that allowance
    support: Decimal = Decimal("0.70")  # of the council tax after discounts
    overpaid: bool = False
    top_up: Decimal = Decimal(0)  # pounds a week of housing payment
    received: date = date(2021, 5, 10)

    @property
    def pays_rent(self) -> bool:
        """Whether it is a claim for Housing Benefit."""
        return self.type != "cts"

    @property
    def lowers_bill(self) -> bool:
        """Whether it is a claim for Council Tax Support."""
        return self.type != "hb"

    @property
    def decided_yet(self) -> bool:
        """Whether the council has decided it."""
        return self.status not in ("pending", "defective")


@dataclass(frozen=True)
class Plan:
    """One household."""

    pays: Pays = Pays.ON_TIME
    method: str = "direct_debit"
    day: int = 1
    instalments: int = 10
    relief: Relief = Relief.NONE
    relief_until: tuple[int, int] | None = None  # month and day, where it has ended
    joint: bool = False
    moved: tuple[int, int] | None = None  # month and day of the move into the present home
    arrangement: bool = False
    hold: str = ""
    claim: ClaimPlan | None = None
    pensioner: bool = False


RELIEFS = {
    Relief.SINGLE: 30,
    Relief.STUDENTS: 2,
    Relief.IMPAIRED: 1,
    Relief.DISREGARDED: 1,
    Relief.DISABLED: 1,
    Relief.EMPTY: 1,
    Relief.CARE_LEAVER: 1,
    Relief.NONE: 63,
}
PAYERS = {
    Pays.ON_TIME: 84,
    Pays.IN_ADVANCE: 5,
    Pays.TOO_MUCH: 1,
    Pays.MISSED_ONE: 5,
    Pays.MISSED_THREE: 3,
    Pays.NOT_LAST_YEAR: 2,
}
METHODS = {"direct_debit": 76, "card": 12, "standing_order": 7, "cash": 5}
CLAIM_STATES = {
    "current": 78,
    "cancelled": 8,
    "pending": 5,
    "suspended": 3,
    "defective": 3,
    "future": 3,
}
TENANCIES = {"private": 40, "council": 45, "supported": 10, "temporary": 5}
SUPPORT_SHARES = {
    Decimal("1.00"): 40,
    Decimal("0.85"): 20,
    Decimal("0.70"): 20,
    Decimal("0.40"): 20,
}


def random_plan(seed: int, household: int) -> Plan:
    """A household drawn from the borough's mix: reference figures of a real council's FOI."""
    chosen = Random(f"{seed}:plan:{household}")  # noqa: S311
    if chosen.random() < 0.14:
        return _claiming(chosen)
    if chosen.random() < 0.03:
        return Plan(
            moved=(chosen.choice((1, 5, 6, 7, 8, 9, 10, 11, 12)), chosen.randint(2, 27)),
            day=chosen.choice((1, 15, 25)),
            instalments=chosen.choice((10, 12)),
        )
    relief = _draw(chosen, RELIEFS)
    pays = _draw(chosen, PAYERS) if relief in (Relief.NONE, Relief.SINGLE) else Pays.ON_TIME
    if pays is Pays.TOO_MUCH:
        relief = Relief.SINGLE
    behind = pays in (Pays.MISSED_ONE, Pays.MISSED_THREE)
    return Plan(
        pays=pays,
        relief=relief,
        method="card" if pays is not Pays.ON_TIME else _draw(chosen, METHODS),
        day=chosen.choice((1, 15, 25)),
        instalments=12 if behind else chosen.choices((10, 12), (70, 30))[0],
        joint=relief in (Relief.NONE, Relief.DISABLED) and chosen.random() < 0.6,
        arrangement=pays is Pays.MISSED_THREE and chosen.random() < 0.4,
        hold=chosen.choice(("", "", "breathing_space", "dispute")) if behind else "",
    )


def _claiming(chosen: Random) -> Plan:
    pensioner = chosen.random() < 0.5
    tenancy = _draw(chosen, TENANCIES)
    with_rent = chosen.random() < 0.45
    payees = {"council": "rent_account", "supported": "landlord", "temporary": "landlord"}
    claim = ClaimPlan(
        status=_draw(chosen, CLAIM_STATES),
        type=chosen.choice(("hb", "hb_cts", "hb_cts", "hb_cts")) if with_rent else "cts",
        tenancy=tenancy,
        payee=payees.get(tenancy, "claimant"),
        weeks=1 if tenancy == "council" else chosen.choice((2, 4)),
        rooms=chosen.choice(("shared", "1 bed", "2 bed", "3 bed")),
        rent_share=Decimal(chosen.randint(55, 100)) / 100,
        support=_draw(chosen, SUPPORT_SHARES),
        received=date(chosen.randint(2016, 2022), chosen.randint(1, 12), chosen.randint(1, 28)),
    )
    return Plan(
        claim=claim,
        pensioner=pensioner,
        relief=Relief.SINGLE if chosen.random() < 0.5 else Relief.NONE,
        method=_draw(chosen, METHODS),
        day=chosen.choice((1, 15, 25)),
    )


def _draw(chosen: Random, shares: dict[T, int]) -> T:
    return chosen.choices(list(shares), list(shares.values()))[0]
