"""What staff read about all that happened to a report, and that it stays as it was."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from street_reports.acting import act
from street_reports.history import NOBODY, history
from street_reports.models import Act, Export, Update
from street_reports.privacy import erase
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory
from tests.factories.street_reports import (
    ContactFactory,
    FollowerFactory,
    ReportFactory,
    UpdateFactory,
)
from tests.page import Page, text_of

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True, email="staff@example.org"))
    return portal


@pytest.fixture
def report(db):
    """A report to which everything has happened that can."""
    ada = ResidentFactory(email="ada@example.org")
    report = ReportFactory(resident=ada, created_at=at(0), due_on=at(0).date())
    tried(report.delivery, 1, 1, outcome="retry", status_code=503, answer="Busy")
    tried(report.delivery, 2, 3, outcome="sent", status_code=201)
    mail = DeliveryFactory(email=True, reference=report.reference)
    tried(mail, 1, 2, outcome="sent")
    UpdateFactory(report=report, text="We come.", received_at=at(4), updated_at=at(-600))
    bob = ResidentFactory(email="bob@example.org")
    FollowerFactory(report=report, resident=bob, information="Still dark.", created_at=at(5))
    Act.objects.create(report=report, resident=ada, kind="add", text="Wires.", created_at=at(6))
    staff = ResidentFactory(staff=True, email="eve@example.org")
    logged(staff, report.delivery, "Put in line.", 7)
    logged(staff, report, "Looked after.", 8)
    return report


def tried(delivery, number, minutes, **fields):
    when = at(minutes)
    delivery.attempts.create(number=number, started_at=when, finished_at=when, **fields)


def logged(staff, row, note, minutes):
    with time_machine.travel(at(minutes), tick=False):
        LogEntry.objects.log_actions(staff.pk, [row], CHANGE, note)


def test_staff_read_all_that_happened_in_order_of_time(report):
    told = [(event.what, event.who, event.detail) for event in history(report)]
    sending = f"Delivery: street_report {report.reference}"
    assert told == [
        ("Report made", "ada@example.org", "Target: 23 November 2026."),
        ("Report to street lighting team, try 1: Will be tried again", "The portal", "503 Busy"),
        ("E-mail to ada@example.org, try 1: Sent", "The portal", ""),
        ("Report to street lighting team, try 2: Sent", "The portal", "201"),
        (
            *("Update: Accepted", "street lighting team"),
            "We come. Dated 23 November 2026 at midnight.",
        ),
        ("Began to follow it", "bob@example.org", "Still dark."),
        ("Information added", "ada@example.org", "Wires."),
        (sending, "eve@example.org, staff", "Put in line."),
        ("Report", "eve@example.org, staff", "Looked after."),
    ]


def test_nothing_of_another_report_is_in_it(report):
    other = ReportFactory(created_at=at(0))
    assert [event.what for event in history(other)] == ["Report made"]


def test_each_try_leads_to_its_delivery(report, staff):
    page = Page(staff.get(f"/admin/street_reports/report/{report.pk}/change/").content.decode())
    links = [link.get("href") for link in page.select(".portal-history a")]
    assert links.count(f"/admin/outbox/delivery/{report.delivery_id}/change/") == 2


def test_the_page_of_a_report_ends_with_its_history(report, staff):
    page = Page(staff.get(f"/admin/street_reports/report/{report.pk}/change/").content.decode())
    rows = [text_of(row) for row in page.select(".portal-history tbody tr")]
    assert rows[0].startswith("23 November 2026 at 10am Report made ada@example.org")
    assert len(rows) == len(history(report))


def test_the_history_of_a_person_who_left_names_nobody(report):
    erase(report.resident)
    report.refresh_from_db()
    told = {event.what: (event.who, event.detail) for event in history(report)}
    assert told["Report made"][0] == NOBODY
    assert told["Information added"] == (NOBODY, "")


@pytest.mark.parametrize("number", [1, 20])
def test_the_page_takes_the_same_queries_however_much_happened(
    report, staff, number, django_assert_num_queries
):
    eve = ResidentFactory(staff=True)
    for each in range(number):
        tried(report.delivery, 10 + each, 20, outcome="retry")
        UpdateFactory(report=report)
        FollowerFactory(report=report)
        Act.objects.create(report=report, resident=report.resident, kind="add", text=f"{each}")
        logged(eve, report, "Looked after.", 9)
        ReportFactory(latitude=53.4, longitude=-2.16)
    staff.get(f"/admin/street_reports/report/{report.pk}/change/")  # knows the content types now
    # Session, staff, report and its delivery; what it belongs to (4); open ones around it; tries,
    # updates, acts, followers with an account and without, deliveries and acts of staff; eight
    # lists of rows, the name of the fault, and that the record was looked at.
    with django_assert_num_queries(24):
        staff.get(f"/admin/street_reports/report/{report.pk}/change/")


# On record ---------------------------------------------------------------------------------------


def acted():
    report = ReportFactory()
    act(report=report, resident=report.resident, kind=Act.Kind.ADD, text="Wires.")
    return Act.objects.get()


def logged_once():
    logged(ResidentFactory(staff=True), ReportFactory(), "Looked after.", 1)
    return LogEntry.objects.latest("pk")


def exported():
    return Export.objects.create(by=ResidentFactory(staff=True), filters="team=1", rows=3)


ROWS = [
    (acted, {"text": "No wires."}),
    (acted, {"kind": "withdraw"}),
    (acted, {"created_at": START}),
    (acted, {"resident": ResidentFactory.create}),
    (UpdateFactory.create, {"text": ""}),
    (UpdateFactory.create, {"status": "fixed"}),
    (logged_once, {"change_message": "Nothing."}),
    (exported, {"rows": 2}),
    (exported, {"rows": None}),
    (exported, {"filters": ""}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "change"), ROWS)
def test_what_happened_cannot_be_changed(make, change):
    row = make()
    change = {name: value() if callable(value) else value for name, value in change.items()}
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**change)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [acted, UpdateFactory.create, logged_once, exported])
def test_what_happened_cannot_be_deleted(make):
    row = make()
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        row.delete()


@pytest.mark.django_db
def test_a_report_to_which_something_happened_cannot_be_deleted():
    report = UpdateFactory().report
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        report.delete()


@pytest.mark.django_db
def test_an_export_ends_once_and_changes_in_nothing_else():
    begun = Export.objects.create(by=ResidentFactory(staff=True))
    rows = Export.objects.filter(pk=begun.pk)
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        rows.update(rows=3, created_at=timezone.now())
    assert rows.update(rows=3) == 1


@pytest.mark.parametrize("model", [Act, Update, Export, LogEntry])
def test_staff_change_nothing_of_it_in_the_admin(model, staff):
    make = {Act: acted, Update: UpdateFactory.create, Export: exported, LogEntry: logged_once}
    row = make[model]()
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}"
    for page in (f"{address}/change/", f"{address}/delete/"):
        assert staff.post(page).status_code in (403, 404)


@pytest.mark.django_db
def test_who_reported_or_follows_without_an_account_is_named_by_their_address():
    contact = ContactFactory(is_reporter=True)
    other = ContactFactory(report=contact.report, information="It sparks.")
    events = {event.what: event for event in history(contact.report)}
    assert events["Report made"].who == contact.email
    joined = events["Began to follow it"]
    assert (joined.who, joined.detail) == (other.email, "It sparks.")
