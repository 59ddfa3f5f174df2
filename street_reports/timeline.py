"""What happened to a report, in the words of the page: nothing that the rows do not say.

Pure: the report, its delivery and the back office's updates come in as plain values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from street_reports.workflow import Status


class Sending(Protocol):
    """What a timeline needs of an outbox delivery."""

    @property
    def state(self) -> str: ...
    @property
    def sent_at(self) -> datetime | None: ...
    @property
    def remote_reference(self) -> str: ...


class News(Protocol):
    """What a timeline needs of an update of the back office."""

    @property
    def status(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def updated_at(self) -> datetime: ...


@dataclass(frozen=True)
class Entry:
    """One line: when (None for what still goes on), what, and what more there is to say."""

    when: datetime | None
    title: str
    detail: str = ""


# What the resident is told while the report is not sent: title and detail.
ON_ITS_WAY = {
    "pending": ("Waiting to be sent to the {team}", ""),
    "leased": ("Being sent to the {team}", ""),
    "retry": (
        "We could not deliver the report to the {team} yet",
        "Their system did not take it. We keep trying. You do not need to report it again.",
    ),
    "unknown": (
        "We are checking that the report arrived",
        "We sent it to the {team}, but their system did not answer. We find out whether they have"
        " it before we send it again. You do not need to report it again.",
    ),
    "accepted_id_pending": (
        "Taken by the system of the {team}",
        "Their reference will follow.",
    ),
    "dead": (
        "The report needs attention by our staff",
        "We could not deliver it to the {team}. Our staff have to look at it."
        " You do not need to report it again.",
    ),
    "held": ("On hold", "Our staff are looking at the report before it is sent."),
    "cancelled": ("Not sent", "Our staff decided not to send the report to the {team}."),
}
NEWS = {
    Status.ACCEPTED: "Accepted by the {team}",
    Status.PLANNED: "Work is planned",
    Status.FIXED: "Fixed",
    Status.CLOSED: "Closed by the {team}",
    Status.NOT_OURS: "Not the council’s responsibility",
}

MESSAGE = "Message from the {team}"


def timeline(
    *,
    created_at: datetime,
    sending: Sending,
    tried_at: datetime | None,
    news: Iterable[News],
    team: str,
    duty_told_at: datetime | None = None,
    done: Iterable[Entry] = (),
    part_of: str = "",
) -> list[Entry]:
    """The entries, oldest first.

    `done` is what the reporter did, `tried_at` the latest try to send, `duty_told_at` when the
    duty officers were told, if any. `part_of` is the reference of what it was merged into.
    """
    entries = [Entry(created_at, "Received", "We have the report.")]
    if duty_told_at:
        entries.append(Entry(duty_told_at, "Duty officer told", "We sent them an e-mail."))
    entries.append(_sent(sending, tried_at, team, part_of))
    told = [Entry(item.updated_at, _title(item, team), item.text) for item in news]
    entries += sorted([*told, *done], key=lambda entry: entry.when or created_at)
    return entries


def _title(item: News, team: str) -> str:
    title = NEWS.get(Status(item.status), "") if item.status else ""
    return (title or MESSAGE).format(team=team)


def _sent(sending: Sending, tried_at: datetime | None, team: str, part_of: str) -> Entry:
    """How far the way to the team is."""
    if part_of and sending.state == "held":
        return Entry(None, "Not sent by itself", f"It goes to the {team} with report {part_of}.")
    if sending.state == "sent":
        reference = sending.remote_reference
        detail = f"Their reference is {reference}." if reference else ""
        return Entry(sending.sent_at, f"Sent to the {team}", detail)
    title, detail = ON_ITS_WAY[sending.state]
    return Entry(tried_at, title.format(team=team), detail.format(team=team))


@dataclass(frozen=True)
class Headline:
    """How far a report is, as a tag: its words and the tag's colour."""

    text: str
    colour: str


COLOURS = {
    Status.ACCEPTED: "blue",
    Status.PLANNED: "yellow",
    Status.FIXED: "green",
    Status.CLOSED: "grey",
    Status.NOT_OURS: "grey",
}
UNSENT = {"dead": Headline("Needs attention by our staff", "orange")}


def headline(status: str, sending_state: str, *, is_merged: bool = False) -> Headline:
    """The state of the report; while the team has not said anything, how far its way is."""
    if is_merged:
        return Headline("Merged", "grey")
    if status != Status.RECEIVED:
        return Headline(str(Status(status).label), COLOURS[Status(status)])
    if sending_state == "sent":
        return Headline("Sent", "blue")
    return UNSENT.get(sending_state, Headline("Received", "blue"))
