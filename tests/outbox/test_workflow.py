"""The arrows between states, and how long a delivery waits."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockport.outbox.models import Delivery
from stockport.outbox.workflow import (
    LONGEST_DELAY,
    NEXT_STEP,
    SHORTEST_DELAY,
    TRANSITIONS,
    IllegalMove,
    State,
    backoff,
)


@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_delivery_moves_along_the_arrows_and_nowhere_else(old, new):
    delivery = Delivery(state=old)
    if new in TRANSITIONS[old]:
        delivery.move_to(new)
        assert delivery.state == new
    else:
        with pytest.raises(IllegalMove, match="cannot go from"):
            delivery.move_to(new)


def test_nothing_leads_out_of_sent_or_cancelled():
    assert not TRANSITIONS[State.SENT] | TRANSITIONS[State.CANCELLED]


def test_only_a_leased_delivery_dies_or_loses_its_answer():
    for old, arrows in TRANSITIONS.items():
        assert State.DEAD not in arrows or old == State.LEASED
        assert State.UNKNOWN not in arrows or old in (
            State.LEASED, State.UNKNOWN, State.DEAD, State.HELD,
        )  # fmt: skip


def test_delivery_whose_answer_was_lost_is_never_sent_by_a_worker():
    assert State.RETRY in TRANSITIONS[State.UNKNOWN]  # by staff who have checked
    assert NEXT_STEP[State.UNKNOWN] == "find"
    assert NEXT_STEP[State.ID_PENDING] == "poll"


@given(st.integers(min_value=0, max_value=10_000))
def test_wait_is_neither_nothing_nor_for_ever(tries):
    assert SHORTEST_DELAY <= backoff(tries) <= LONGEST_DELAY


def test_waits_grow_and_differ():
    def mean(tries):
        return sum((backoff(tries) for _ in range(300)), timedelta()) / 300

    assert mean(2) < mean(5) < mean(8)
    assert len({backoff(8) for _ in range(20)}) == 20
