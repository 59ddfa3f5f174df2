"""Every pair of states is allowed or refused as the table says."""

from itertools import product

import pytest

from street_reports.workflow import (
    ENDED,
    OPEN,
    TRANSITIONS,
    NotAllowed,
    Status,
    check,
    from_open311,
)


@pytest.mark.parametrize(("old", "new"), [*product(Status, Status)])
def test_report_moves_only_along_the_arrows(old, new):
    if new in TRANSITIONS[old]:
        check(old, new)
    else:
        with pytest.raises(NotAllowed):
            check(old, new)


def test_report_never_goes_back_to_received():
    assert not any(Status.RECEIVED in following for following in TRANSITIONS.values())


def test_every_state_is_either_open_or_ended():
    assert {*OPEN, *ENDED} == set(Status)
    assert not {*OPEN} & {*ENDED}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("open", Status.ACCEPTED),
        ("FIXED", Status.FIXED),
        ("Action Scheduled", Status.PLANNED),
        ("closed", Status.CLOSED),
        ("not_councils_responsibility", Status.NOT_OURS),
        ("unchanged", None),
        ("for_triage", None),
        ("gefixt", None),
        ("", None),
    ],
)
def test_words_of_back_offices_are_understood_or_change_nothing(word, status):
    assert from_open311(word) is status
