"""What council tax says on the money page: what is to pay for each account, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from council_tax.overview import Overview
from stockport.services import Figure, Flow, Home, Money, Movement, Note
from stockport.templatetags.portal import day

if TYPE_CHECKING:
    from council_tax.models import Account, Instalment

TO_PAY, IN_CREDIT = "Council tax left to pay", "Council tax in credit"
BEING_CHECKED = "Newer figures are being checked."


def money_of(overviews: list[Overview], until: date) -> Money:
    """The accounts of a resident, in pounds, with what falls due until a day."""
    return Money(
        figures=[_figure(each) for each in overviews if _says_something(each.account)],
        movements=[one for each in overviews for one in _movements(each, until)],
        notes=[one for each in overviews for one in _notes(each)],
        as_at=min((each.account.as_at for each in overviews), default=None),
    )


def _says_something(account: Account) -> bool:
    return account.status == "open" or account.balance != 0


def _home(account: Account) -> Home:
    return Home(account.property.address, account.property.postcode)


def _figure(overview: Overview) -> Figure:
    account = overview.account
    closed = f", closed on {day(account.closed)}" if account.closed else ""
    return Figure(
        title=IN_CREDIT if account.balance < 0 else TO_PAY,
        words=f"Account {account.reference}{closed}",
        amount=abs(account.balance),
        url=account.get_absolute_url(),
        home=_home(account),
    )


def _movements(overview: Overview, until: date) -> Iterator[Movement]:
    """What was missed, and what falls due, where instalments are the way to pay."""
    schedule = overview.schedule
    ahead = [schedule.next, *schedule.later] if schedule.next else []
    late = "This is late" if overview.asks_for_late else "This was not paid when it was due"
    for instalment in schedule.missed:
        yield _movement(overview.account, instalment, late)
    for instalment in schedule.unconfirmed:
        yield _movement(overview.account, instalment, "If you have paid it, it will show soon")
    for instalment in (each for each in ahead if each.due <= until):
        how = "We take it by Direct Debit" if instalment.direct_debit else ""
        yield _movement(overview.account, instalment, how)


def _movement(account: Account, instalment: Instalment, detail: str) -> Movement:
    return Movement(
        when=instalment.due,
        words="Council tax",
        amount=instalment.left,
        flow=Flow.OUT,
        url=account.get_absolute_url(),
        home=_home(account),
        detail=detail,
    )


def _notes(overview: Overview) -> Iterator[Note]:
    """Why the bill is not simply paid by its instalments, and what to do."""
    account = overview.account
    is_calm = overview.hold or account.arrangement
    said = [
        f"{overview.stage.title}." if overview.stage else "",
        "" if is_calm else overview.to_do,
        overview.hold,
        overview.arrangement,
        BEING_CHECKED if account.checked_since else "",
    ]
    if words := " ".join(sentence for sentence in said if sentence):
        yield Note("Council tax", words, account.get_absolute_url(), _home(account))
