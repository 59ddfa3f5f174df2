"""By when a report is dealt with: its fault's target in working days, and nothing invented."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from stockport.db import violated_constraint
from stockport.working_days import working_days_after
from street_reports.models import FaultType, Report
from tests.factories.street_reports import FaultTypeFactory, ReportFactory

BEFORE_CHRISTMAS = datetime(2026, 12, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 12, 23), 2, date(2026, 12, 29)),  # over Christmas, its substitute day included
    ],
)
def test_weekends_and_bank_holidays_do_not_count(start, number, end):
    assert working_days_after(start, number) == end


def test_no_target_is_shipped(db):
    """Stockport publishes none for these faults, so none is promised."""
    assert not FaultType.objects.exclude(target_working_days=None).exists()


@pytest.mark.parametrize("number", [0, 251])
def test_target_that_makes_no_sense_is_refused(db, number):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        FaultTypeFactory(code="new", name="New", target_working_days=number)
    assert violated_constraint(refused.value) == "street_reports_faulttype_target_sensible"


def test_report_without_a_target_promises_nothing(form):
    form.fill()
    form.send()
    report = Report.objects.get()
    assert report.due_on is None
    for page in ("", "received/"):
        text = form.portal.get(f"{report.get_absolute_url()}{page}").page.text("main")
        assert "We cannot say how long it takes" in text


def test_report_keeps_the_day_that_it_was_promised(form):
    FaultType.objects.filter(code="light-out").update(target_working_days=2)
    form.fill()
    form.send()
    report = Report.objects.get()
    assert report.due_on == working_days_after(report.created_at.date(), 2)
    FaultType.objects.filter(code="light-out").update(target_working_days=9)
    report.refresh_from_db()
    assert report.due_on == working_days_after(report.created_at.date(), 2)


@pytest.mark.parametrize(
    ("due_on", "status", "words"),
    [
        (date(2026, 12, 23), "accepted", "We aim to deal with it by 23 December 2026."),
        (
            date(2026, 12, 22),
            "accepted",
            "We aimed to deal with it by 22 December 2026. It is late",
        ),
        (date(2026, 12, 22), "fixed", ""),
    ],
)
def test_report_that_is_late_is_called_late(portal, resident, due_on, status, words):
    report = ReportFactory(resident=resident, due_on=due_on, status=status)
    with time_machine.travel(BEFORE_CHRISTMAS, tick=False):
        portal.sign_in(resident)
        text = portal.get(report.get_absolute_url()).page.text("main")
    assert words in text
    assert ("It is late" in text) == ("late" in words)
