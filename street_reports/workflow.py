"""The states of a report and the steps between them; nothing else changes a report's state."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    """How far the council is. That a report was sent is not here: its delivery knows."""

    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Accepted"
    PLANNED = "planned", "Work planned"
    FIXED = "fixed", "Fixed"
    CLOSED = "closed", "Closed"
    NOT_OURS = "not_ours", "Not the council’s"


OPEN = (Status.RECEIVED, Status.ACCEPTED, Status.PLANNED)
ENDED = (Status.FIXED, Status.CLOSED, Status.NOT_OURS)

# A team may skip a step, end a report at any time, correct how it ended, and open it again.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.ACCEPTED, Status.PLANNED, *ENDED}),
    Status.ACCEPTED: frozenset({Status.PLANNED, *ENDED}),
    Status.PLANNED: frozenset({Status.ACCEPTED, *ENDED}),
    Status.FIXED: frozenset({Status.ACCEPTED, Status.PLANNED, Status.CLOSED, Status.NOT_OURS}),
    Status.CLOSED: frozenset({Status.ACCEPTED, Status.PLANNED, Status.FIXED, Status.NOT_OURS}),
    Status.NOT_OURS: frozenset({Status.ACCEPTED, Status.PLANNED, Status.FIXED, Status.CLOSED}),
}

# Why a report ended: slugs of ClosureReason that the portal gives by itself. The migration ships
# them, the admin deletes none.
FIXED_SOMEHOW, NO_REASON = "fixed", "no-reason-given"
SOMEBODY_ELSES, OWNER_UNKNOWN = "somebody-elses", "owner-unknown"
DUPLICATE, WITHDRAWN = "duplicate", "withdrawn"
UNEXPLAINED: dict[Status, str] = {
    Status.FIXED: FIXED_SOMEHOW,
    Status.CLOSED: NO_REASON,
    Status.NOT_OURS: OWNER_UNKNOWN,
}

# What residents may do; every other step is the team's.
BY_RESIDENT = {"withdraw": Status.CLOSED, "reopen": Status.ACCEPTED}

# Open311 has only open and closed; the others are the extensions that FixMyStreet and its
# back offices use. “Closed” never says that something was fixed.
FROM_OPEN311: dict[str, Status] = {
    "open": Status.ACCEPTED,
    "accepted": Status.ACCEPTED,
    "investigating": Status.ACCEPTED,
    "internal_referral": Status.ACCEPTED,
    "reopen": Status.ACCEPTED,
    "in_progress": Status.PLANNED,
    "planned": Status.PLANNED,
    "action_scheduled": Status.PLANNED,
    "fixed": Status.FIXED,
    "closed": Status.CLOSED,
    "duplicate": Status.CLOSED,
    "no_further_action": Status.CLOSED,
    "cancelled": Status.CLOSED,
    "not_councils_responsibility": Status.NOT_OURS,
}


# Words of theirs that also say why. A system's own codes are data: ClosureReason.external_codes.
REASONS: dict[str, str] = {
    "duplicate": DUPLICATE,
    "no_further_action": "no-more-work",
    "cancelled": "cancelled",
}

# Words of theirs that say nothing of how far the council is.
CHANGE_NOTHING = ("", "unchanged", "for_triage")


class NotAllowed(Exception):
    """The workflow has no step from one state to the other."""


def check(current: str, new: str) -> None:
    """Raises NotAllowed unless a report may go from the current state to the new one."""
    if Status(new) not in TRANSITIONS[Status(current)]:
        raise NotAllowed(f"A report cannot go from “{current}” to “{new}”.")


def from_open311(word: str) -> Status | None:
    """Our state for a back office's word; None where the word changes nothing or is unknown."""
    return FROM_OPEN311.get(_plain(word))


def reason_of(word: str) -> str:
    """The slug of the reason that a back office's word gives, or an empty string."""
    return REASONS.get(_plain(word), "")


def is_known(word: str) -> bool:
    """Whether the word is one of mySociety's."""
    return _plain(word) in FROM_OPEN311 or _plain(word) in CHANGE_NOTHING


def _plain(word: str) -> str:
    return word.strip().lower().replace(" ", "_")
