"""mySociety's updates: what became of reports, and what apps add to their own."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from stockport.outbox.models import Delivery
from street_reports.models import Act, Report, SubmittedUpdate
from street_reports.open311 import queries
from street_reports.open311.news import found_in
from street_reports.service import service
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import ReportFactory, UpdateFactory

KEY = "fixmystreet.secret"


@pytest.fixture
def update(app, sent):
    """The fields of an update of a report that the app sent."""
    row = app.report(sent)
    return {
        "service_request_id": row["service_request_id"],
        "update_id": "99",
        "status": "OPEN",
        "updated_datetime": "2026-11-23T10:02:00Z",
        "description": "It flickers now.",
    }


def test_words_of_the_team_go_only_to_the_app_that_brought_the_report(app, sent):
    app.report(sent)
    UpdateFactory(report=Report.objects.get(), status="planned", text="Dear Ann, on Friday.")
    [row] = app.json("servicerequestupdates")
    assert (row["status"], row["description"]) == ("planned", "Work is planned.")
    [row] = app.json("servicerequestupdates", api_key=KEY)
    assert row["description"] == "Dear Ann, on Friday."
    assert app.get("servicerequestupdates.json", api_key=KEY).headers["Cache-Control"] == (
        "private, no-store"
    )


def test_private_report_has_updates_for_the_app_that_brought_it_alone(app, sent):
    app.report(sent)
    Report.objects.update(is_private=True)
    UpdateFactory(report=Report.objects.get())
    UpdateFactory(report=ReportFactory(is_private=True))
    assert app.json("servicerequestupdates") == []
    assert len(app.json("servicerequestupdates", api_key=KEY)) == 1


def test_updates_come_oldest_first_page_by_page(app):
    made = [UpdateFactory(status=status) for status in ("accepted", "fixed", "")]
    pages = [app.json("servicerequestupdates", page=page, page_size=2) for page in (1, 2)]
    assert [row["update_id"] for page in pages for row in page] == [f"u{u.pk}" for u in made]
    assert [row["status"] for page in pages for row in page] == [
        "investigating", "fixed", "unchanged",
    ]  # fmt: skip


def test_words_to_who_reported_it_first_are_not_for_an_app_that_reports_it_again(app, sent, light):
    first = ReportFactory(asset=light)
    assert app.report(sent)["service_request_id"] == first.reference
    UpdateFactory(report=first, status="planned", text="Dear Ann, on Friday.")
    [row] = app.json("servicerequestupdates", api_key=KEY)
    assert row["description"] == "Work is planned."


def test_late_page_reads_no_more_rows_than_it_has(app):
    """Anybody may ask for any page: what it costs must not grow with its number."""
    report = ReportFactory()
    made = [UpdateFactory(report=report) for _ in range(12)]
    Act.objects.create(report=report, kind="withdraw")
    read = []

    def counting(execute, *call):
        result = execute(*call)
        read.append(call[-1]["cursor"].rowcount)
        return result

    with connection.execute_wrapper(counting):
        [row] = app.json("servicerequestupdates", page=13, page_size=1)
        assert row["update_id"].startswith("a")
        [row] = app.json("servicerequestupdates", page=12, page_size=1)
    assert row["update_id"] == f"u{made[-1].pk}"
    assert max(read) == 1


def test_page_of_updates_is_found_in_indexes_alone(app):
    """A late page skips entries of two indexes; it neither sorts nor reads the tables."""
    start, end = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = found_in(queries.Span(start, end), None)[100:110].explain()
    assert "Index Only Scan using street_reports_update_received" in plan
    assert "Index Only Scan using street_reports_act_told" in plan
    assert "Merge Append" in plan


def test_update_goes_to_the_team_once_and_moves_nothing(app, update):
    first = app.post("servicerequestupdates.json", update | {"status": "FIXED"})
    again = app.post("servicerequestupdates.json", update)
    assert first.status_code == 200 and first.json() == again.json()
    note = Delivery.objects.get(kind="note")
    assert note.payload["description"] == "From FixMyStreet (FIXED): It flickers now."
    assert Report.objects.get().status == "received"
    assert first.json() == [{"update_id": str(SubmittedUpdate.objects.get().pk)}]


def test_update_of_a_report_that_another_brought_is_refused(app, update):
    other = ReportFactory()
    answer = app.post(
        "servicerequestupdates.json", update | {"service_request_id": other.reference}
    )
    assert answer.status_code == 404
    assert not Delivery.objects.filter(kind="note").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "BROKEN"},
        {"status": ""},
        {"updated_datetime": "today"},
        {"update_id": ""},
        {"description": ""},
    ],
)
def test_update_with_something_wrong_is_refused(app, update, change):
    answer = app.post("servicerequestupdates.json", update | change)
    assert answer.status_code == 400 and answer.json()[0]["description"]
    assert not SubmittedUpdate.objects.exists()


def test_what_an_app_added_goes_with_the_data_of_who_reported_it(app, sent, light):
    row = app.report(sent | {"email": "ann@example.org"})
    add = {
        "service_request_id": row["service_request_id"],
        "update_id": "1",
        "status": "OPEN",
        "updated_datetime": "2026-11-23T10:02:00Z",
        "description": "My bedroom is at the front.",
    }
    app.post("servicerequestupdates.json", add)
    ann = ResidentFactory(email="ann@example.org")
    ann.emailaddress_set.create(email=ann.email, verified=True, primary=True)
    service.erase(ann)
    assert "bedroom" not in str(list(Delivery.objects.values_list("payload", flat=True)))
    assert Report.objects.get().description == ""
