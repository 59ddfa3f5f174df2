"""Whoever follows the recipe of docs/open311.md (“A copy”) has every report in the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from street_reports.models import Report
from street_reports.open311.wire import moment
from tests.factories.street_reports import ReportFactory
from tests.street_reports.open311.conftest import App

SIZE = 2  # rows to a page
MOST_CALLS = 60  # more are a loop without an end
A_SECOND, A_MINUTE = timedelta(seconds=1), timedelta(minutes=1)
THEN = timezone.now().replace(microsecond=0) - timedelta(days=2)


def nothing(calls: int) -> None:
    """No report changes meanwhile."""


class Copy:
    """Somebody's copy of our list, and the mark from which it asks."""

    def __init__(self, app: App, *, meanwhile: Callable[[int], None] = nothing) -> None:
        self.app, self.mark = app, THEN - timedelta(days=1)
        self.rows: dict[str, Any] = {}
        self.calls, self.meanwhile = 0, meanwhile

    def follow(self, *, backwards: bool = True) -> None:
        """Ask until nothing is left."""
        while len(rows := self.ask(updated_after=moment(self.mark))) == SIZE:
            if last(rows) == self.mark:
                self.read_second(backwards=backwards)
                self.mark += A_SECOND
            else:
                self.mark = last(rows)
        if rows:
            self.mark = last(rows) - A_MINUTE

    def read_second(self, *, backwards: bool) -> None:
        """All of the mark's own second, whose reports leave it when they change."""
        second, page = dict.fromkeys(("updated_after", "updated_before"), moment(self.mark)), 1
        while len(self.ask(**second, page=page)) == SIZE:
            page += 1
        for number in range(page, 0, -1) if backwards else ():
            self.ask(**second, page=number)

    def ask(self, **query: Any) -> list[Any]:
        rows: list[Any] = self.app.json("requests", page_size=SIZE, **query)
        self.rows |= {row["service_request_id"]: row for row in rows}
        self.calls += 1
        assert self.calls < MOST_CALLS
        self.meanwhile(self.calls)
        return rows


def last(rows: list[Any]) -> datetime:
    """When the last of them changed."""
    text = rows[-1]["updated_datetime"]
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def all_rows(app: App) -> dict[str, Any]:
    return {row["service_request_id"]: row for row in app.json("requests")}


def busy_second(number: int) -> list[Report]:
    """So many reports that changed in one second, and one on each side of it."""
    ReportFactory(changed_at=THEN - A_SECOND)
    ReportFactory(changed_at=THEN + A_SECOND)
    apart = timedelta(milliseconds=10)
    return [ReportFactory(changed_at=THEN + each * apart) for each in range(number)]


@pytest.mark.parametrize("number", range(8))
def test_copy_has_every_report_however_many_changed_in_one_second(app: App, number: int) -> None:
    busy_second(number)
    copy = Copy(app)
    copy.follow()
    assert copy.rows == all_rows(app)


def lost_by(app: App, changing: list[Report], at: int, *, backwards: bool) -> bool:
    """Whether a copy lacks a report in the end, where these change after so many of its calls."""

    def change(calls: int) -> None:
        if calls == at:
            for report in changing:
                report.move_to("planned")

    copy = Copy(app, meanwhile=change)
    copy.follow(backwards=backwards)
    copy.meanwhile = nothing
    copy.follow(backwards=backwards)
    return copy.rows != all_rows(app)


@pytest.mark.parametrize("backwards", [True, False])
def test_copy_loses_no_report_while_others_change(app: App, backwards: bool) -> None:
    """The negative control: a second that is read forwards alone has lost some."""
    lost = []
    for at in range(1, 14):
        Report.objects.all().delete()
        lost.append(lost_by(app, busy_second(7)[:3], at, backwards=backwards))
    assert any(lost) != backwards


def test_copy_has_what_was_written_down_late_and_what_changed_again(app: App) -> None:
    first = ReportFactory(changed_at=THEN)
    copy = Copy(app)
    copy.follow()
    ReportFactory(changed_at=THEN - timedelta(seconds=40))  # its transaction took so long
    first.move_to("fixed")
    copy.follow()
    assert copy.rows == all_rows(app) and len(copy.rows) == 2
    assert copy.rows[first.reference]["status"] == "closed"
