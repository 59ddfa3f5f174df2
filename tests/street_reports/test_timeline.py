"""What residents read about each state of the way to the team, and after."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from stockport.outbox.models import Delivery
from street_reports.timeline import headline, timeline
from street_reports.workflow import Status

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = START + timedelta(minutes=2)


@dataclass
class Sent:
    state: str
    sent_at: datetime | None = None
    remote_reference: str = ""


@dataclass
class Said:
    status: str
    text: str
    updated_at: datetime


def entries(state, *news, **sending):
    return timeline(
        created_at=START,
        sending=Sent(state, **sending),
        tried_at=LATER,
        news=news,
        team="lighting team",
    )


WORDS = {
    "pending": "Waiting to be sent to the lighting team",
    "leased": "Being sent to the lighting team",
    "retry": "We could not deliver the report to the lighting team yet",
    "unknown": "We are checking that the report arrived",
    "accepted_id_pending": "Taken by the system of the lighting team",
    "dead": "The report needs attention by our staff",
    "held": "On hold",
    "cancelled": "Not sent",
    "sent": "Sent to the lighting team",
}


@pytest.mark.parametrize("state", Delivery.State.values)
def test_resident_reads_the_truth_about_each_state_of_the_delivery(state):
    received, way = entries(state, sent_at=LATER)
    assert (received.when, received.title) == (START, "Received")
    assert way.title == WORDS[state]


def test_resident_is_told_that_the_portal_keeps_trying():
    assert "We keep trying" in entries("retry")[1].detail
    assert entries("retry")[1].when == LATER


def test_resident_reads_the_teams_reference_and_progress_in_order():
    news = (
        Said("fixed", "New lamp fitted.", START + timedelta(days=3)),
        Said("accepted", "", START + timedelta(hours=1)),
        Said("planned", "Next week.", START + timedelta(days=1)),
        Said("", "We need a ladder.", START + timedelta(days=2)),
    )
    told = entries("sent", *news, sent_at=LATER, remote_reference="101000")
    assert told[1].detail == "Their reference is 101000."
    assert [entry.title for entry in told[2:]] == [
        "Accepted by the lighting team",
        "Work is planned",
        "Message from the lighting team",
        "Fixed",
    ]
    assert told[-1].detail == "New lamp fitted."


def test_closed_never_says_that_it_is_fixed():
    assert "ixed" not in entries("sent", Said("closed", "", LATER), sent_at=LATER)[-1].title


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_headline(status):
    assert headline(status, "sent").text


def test_headline_says_how_far_the_way_is_until_the_team_says_more():
    assert headline("received", "retry").text == "Received"
    assert headline("received", "sent").text == "Sent"
    assert headline("received", "dead").text == "Needs attention by our staff"
    assert headline("fixed", "sent").text == "Fixed"
