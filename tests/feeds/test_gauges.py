"""A monitor hears of extracts that do not come, are not taken, or are held back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stockport.feeds.models import FeedRun, Quarantine

TOKEN = {"authorization": "Bearer kept-by-the-monitor"}


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = "kept-by-the-monitor"


def run(state: str, hours: float, **fields: Any) -> FeedRun:
    """A load that was over so many hours ago."""
    at = timezone.now() - timedelta(hours=hours)
    times = {"extracted_at": at, "started_at": at, "finished_at": at}
    values = {"source": "revenues", "kind": "full", "reasons": ["a reason"], **times, **fields}
    return FeedRun.objects.create(state=state, **values)


def figures(client: Client) -> dict[str, float]:
    """Each line by its name and labels."""
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    told = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in told}


@pytest.mark.django_db
def test_age_is_that_of_the_newest_whole_extract_of_each_source(client: Client) -> None:
    run("loaded", 40)
    run("unchanged", 30)
    run("loaded", 1, kind="person")
    run("refused", 2)
    run("loaded", 10, source='high"ways')
    told = figures(client)
    assert told['portal_extract_age_seconds{source="revenues"}'] == pytest.approx(108_000, abs=60)
    assert told['portal_extract_age_seconds{source="high\\"ways"}'] == pytest.approx(36_000, abs=60)


@pytest.mark.django_db
def test_extracts_of_the_last_day_that_came_to_nothing_are_counted(client: Client) -> None:
    run("refused", 1)
    run("refused", 2, source="", kind="", extracted_at=None)
    run("failed", 3)
    run("failed", 25)
    run("loaded", 1)
    run("failed", 0.5, kind="person")
    told = figures(client)
    assert told['portal_extracts_not_loaded{state="refused"}'] == 2
    assert told['portal_extracts_not_loaded{state="failed"}'] == 1


@pytest.mark.django_db
def test_refreshes_of_the_last_hour_are_counted_beside_those_that_failed(client: Client) -> None:
    run("failed", 0.5, kind="person")
    run("refused", 0.5, kind="person")
    run("unchanged", 0.5, kind="person")
    run("failed", 2, kind="person")
    told = figures(client)
    assert told["portal_refreshes"] == 3
    assert told["portal_refreshes_failed"] == 2


@pytest.mark.django_db
def test_owners_in_quarantine_are_counted_until_they_leave_it(client: Client) -> None:
    latest = run("loaded", 1)
    for key, released in (("1", None), ("2", None), ("3", timezone.now())):
        Quarantine.objects.create(
            source="revenues",
            table="accounts",
            key=key,
            run=latest,
            since=timezone.now() - timedelta(days=1),
            released_at=released,
        )
    assert figures(client)['portal_quarantine{source="revenues",list="accounts"}'] == 2


@pytest.mark.django_db
def test_asking_takes_three_queries(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        figures(client)
    assert len(asked) == 3


@pytest.mark.parametrize("given", [{}, {"authorization": "Bearer guessed"}])
def test_nobody_reads_the_figures_without_the_token(client: Client, given: dict[str, str]) -> None:
    assert client.get("/metrics", headers=given).status_code == 404


def test_there_are_no_figures_where_no_token_is_set(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
