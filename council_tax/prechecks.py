"""Why something cannot be asked about an account, in words for the resident."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils import timezone

from council_tax.models import Account, ChargePeriod, Request
from council_tax.models.codes import LineType
from council_tax.models.request import Kind
from council_tax.recovery import is_by_instalments
from council_tax.rules import Schedule, schedule, tax_year_of
from stockport.money import pounds
from stockport.templatetags.portal import day

if TYPE_CHECKING:
    from accounts.models import Resident

# What makes no sense of an account that is closed.
OVER = (Kind.MOVED, Kind.INSTALMENTS, Kind.PAPERLESS)
SINGLE = ("discount", "SPD")


def precheck(account: Account, kind: str, resident: Resident) -> str:
    """Why this cannot be asked about this account; empty where it can. Three queries at most."""
    mine = Request.objects.for_resident(resident).open()
    if asked := mine.filter(account_reference=account.reference, kind=kind).first():
        return (
            f"You have asked for this already, and it is not sent twice: your reference is"
            f" {asked.reference}"
        )
    if kind in OVER and account.status == "closed":
        return "This account is closed: select “Something looks wrong” if that is not right"
    check = CHECKS.get(Kind(kind))
    return check(account) if check else ""


def _discount_starts(account: Account) -> str:
    lines = _lines(account)
    if SINGLE in lines:
        return "Your bill already has the single person discount"
    exempt = any(kind == LineType.EXEMPTION for kind, _ in lines)
    return "You are charged nothing for this home, so no discount can lower it" if exempt else ""


def _discount_ends(account: Account) -> str:
    return (
        ""
        if SINGLE in _lines(account)
        else "Your bill has no single person discount that could end"
    )


def _disabled_band(account: Account) -> str:
    period = _latest(account)
    reduced = period is not None and period.band_charged != period.band_listed
    return "Your bill already has the disabled band reduction" if reduced else ""


def _instalments(account: Account) -> str:
    year = tax_year_of(timezone.localdate())
    if account.arrangement:
        return "You pay by a payment arrangement: contact us if you want to change it"
    if not is_by_instalments(account.stage, account.stage_date, year):
        return "Your bill can no longer be paid by instalments: ask for an arrangement instead"
    if missed := _schedule(account).missed:
        return (
            f"{pounds(missed[0].left)} was due on {day(missed[0].due)} and is not paid: pay what is"
            " late first, or ask for an arrangement instead"
        )
    return ""


def _arrangement(account: Account) -> str:
    if account.balance <= 0:
        return "There is nothing to pay on this account"
    if account.arrangement:
        return "You have a payment arrangement already"
    if account.status == "closed" or _is_behind(account):
        return ""
    return "Nothing is late on this account: ask for other instalments instead"


def _no_access(account: Account) -> str:
    behind = _is_behind(account)
    nothing = "Nothing is late on this account, so there is nothing to hold: contact us instead"
    return "" if behind else nothing


CHECKS: Mapping[Kind, Callable[[Account], str]] = MappingProxyType(
    {
        Kind.DISCOUNT_START: _discount_starts,
        Kind.DISCOUNT_END: _discount_ends,
        Kind.DISABLED_BAND: _disabled_band,
        Kind.INSTALMENTS: _instalments,
        Kind.ARRANGEMENT: _arrangement,
        Kind.NO_ACCESS: _no_access,
    }
)


def _latest(account: Account) -> ChargePeriod | None:
    """The last days that are charged."""
    return account.charge_periods.order_by("-year", "-sequence").first()


def _lines(account: Account) -> set[tuple[str, str]]:
    """The types and codes of what changes the charge of those days."""
    period = _latest(account)
    return set(period.lines.values_list("type", "code")) if period else set()


def _schedule(account: Account) -> Schedule:
    today, as_at = timezone.localdate(), timezone.localdate(account.as_at)
    return schedule(account.instalments.all(), as_at, today)


def _is_behind(account: Account) -> bool:
    """Whether something fell due that is not paid, or a letter about it was sent."""
    owed = _schedule(account)
    return account.stage != "bill" or bool(owed.missed or owed.unconfirmed)
