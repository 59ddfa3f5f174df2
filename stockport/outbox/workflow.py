"""The states of a delivery, the arrows between them, and when the next try is (pure)."""

from __future__ import annotations

import random
from datetime import timedelta

from django.db import models


class State(models.TextChoices):
    """Where a delivery stands."""

    PENDING = "pending", "Waiting to be sent"
    LEASED = "leased", "Being sent"
    RETRY = "retry", "Will be tried again"
    UNKNOWN = "unknown", "Answer lost: being looked up"
    ID_PENDING = "accepted_id_pending", "Accepted, reference to follow"
    SENT = "sent", "Sent"
    DEAD = "dead", "Not sent: needs attention"
    HELD = "held", "Held by staff"
    CANCELLED = "cancelled", "Cancelled by staff"


class Step(models.TextChoices):
    """What the next call to the destination does."""

    SEND = "send", "Send it"
    FIND = "find", "Look up our reference"
    POLL = "poll", "Ask for the reference of the token"


class IllegalMove(Exception):
    """No arrow leads from this state to that one."""


# What a worker or staff may do with a delivery that waits. Staff may also have it tried sooner.
FROM_WAITING = frozenset({State.LEASED, State.HELD, State.CANCELLED, State.SENT})
TRANSITIONS: dict[State, frozenset[State]] = {
    State.PENDING: FROM_WAITING | {State.RETRY},
    State.RETRY: FROM_WAITING | {State.RETRY},
    State.UNKNOWN: FROM_WAITING | {State.UNKNOWN, State.RETRY},
    State.ID_PENDING: FROM_WAITING | {State.ID_PENDING},
    State.LEASED: frozenset({State.SENT, State.RETRY, State.UNKNOWN, State.ID_PENDING, State.DEAD}),
    State.DEAD: frozenset(
        {State.RETRY, State.UNKNOWN, State.ID_PENDING, State.HELD, State.CANCELLED, State.SENT}
    ),
    State.HELD: frozenset(
        {State.RETRY, State.UNKNOWN, State.ID_PENDING, State.CANCELLED, State.SENT}
    ),
    State.SENT: frozenset(),
    State.CANCELLED: frozenset(),
}
# What is tried again without staff.
WAITING = (State.PENDING, State.RETRY, State.UNKNOWN, State.ID_PENDING)
WHY_NOT = {
    State.SENT: "It is at its destination, and stays on record.",
    State.CANCELLED: "A cancelled delivery stays cancelled.",
}
# What staff may have tried again at once; the arrow for its next step is there.
RETRIABLE = (*WAITING, State.DEAD, State.HELD)
# Where a delivery waits for its next step.
WAITS_IN = {
    Step.SEND: State.RETRY,
    Step.FIND: State.UNKNOWN,
    Step.POLL: State.ID_PENDING,
}
NEXT_STEP = {state: step for step, state in WAITS_IN.items()}

SHORTEST_DELAY = timedelta(seconds=1)
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=30)


def check_move(old: State, new: State) -> None:
    """Raises IllegalMove unless an arrow leads from `old` to `new`."""
    if new not in TRANSITIONS[old]:
        words = f"A delivery cannot go from “{old.label}” to “{new.label}”."
        raise IllegalMove(f"{words} {WHY_NOT.get(old, '')}".strip())


def backoff(tries: int) -> timedelta:
    """How long to wait after this many tries: from 1 s up to 5 s, 10 s, 20 s … 30 minutes.

    Full jitter (page "Exponential Backoff And Jitter", AWS Architecture Blog): deliveries that
    failed together do not come back together.
    """
    ceiling: timedelta = min(FIRST_DELAY * 2 ** min(max(tries - 1, 0), 20), LONGEST_DELAY)
    return max(SHORTEST_DELAY, ceiling * random.random())  # noqa: S311
