"""What the dashboard says about somebody's council tax: the account that matters most."""

from __future__ import annotations

from council_tax.overview import Overview
from stockport.feeds.freshness import is_older_than_usual
from stockport.money import pounds
from stockport.services import Card
from stockport.templatetags.portal import day


def card_of(overviews: list[Overview], index: str) -> Card:
    """One card for all accounts: what is urgent first, then open accounts."""
    foremost = max(overviews, key=_weight)
    url = foremost.account.get_absolute_url() if len(overviews) == 1 else index
    return Card(
        title="Council tax",
        url=url,
        status=_status(foremost),
        detail=_detail(foremost, several=len(overviews) > 1),
        urgent=_is_urgent(foremost),
        as_at=foremost.account.as_at,
    )


def _is_urgent(overview: Overview) -> bool:
    calm = overview.account.arrangement or overview.account.hold_reason
    return not calm and bool(overview.stage or overview.missed)


def _weight(overview: Overview) -> tuple[bool, bool, bool]:
    is_open = overview.account.status == "open"
    return _is_urgent(overview), is_open, overview.account.balance != 0


def _status(overview: Overview) -> str:
    if overview.stage:
        return overview.stage.title
    if overview.missed:
        return overview.late
    if overview.next:
        how = "taken by Direct Debit" if overview.next.direct_debit else "due"
        return f"{pounds(overview.next.left)} {how} on {day(overview.next.due)}"
    return overview.balance


def _detail(overview: Overview, *, several: bool) -> str:
    account = overview.account
    detail = f"{overview.balance} as at {day(account.as_at)}"
    if several:
        detail += f" for {account.property.address_line_1}"
    if account.checked_since:
        return f"{detail}. Newer figures are being checked."
    old = is_older_than_usual(account.as_at)
    return f"{detail}, which is older than usual." if old else f"{detail}."
