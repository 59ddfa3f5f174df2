"""mySociety's updates: what became of reports, and what apps add to their own."""

import pytest

from stockport.outbox.models import Delivery
from street_reports.models import Report, SubmittedUpdate
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
