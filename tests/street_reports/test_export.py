"""Taking reports out as CSV: what is in the file, for whom, and that it is on record."""

import csv
import tracemalloc
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Value
from hypothesis import given
from hypothesis import strategies as st

from street_reports.exporting import BATCH, cell, lines
from street_reports.models import Export, Report
from street_reports.workflow import Status
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    AssetFactory,
    ContactFactory,
    DestinationFactory,
    FaultTypeFactory,
    FollowerFactory,
    ReportDeliveryFactory,
    ReportFactory,
)

EXPORT = "/admin/street_reports/report/export/"
PERSONAL = ["place_in_words", "answers", "description", "reporter"]


@pytest.fixture
def eve(db):
    """Staff who may look at reports, and at nothing else."""
    eve = ResidentFactory(is_staff=True, email="eve@example.org")
    allow(eve, "view_report")
    return eve


@pytest.fixture
def staff(portal, eve):
    portal.sign_in(eve)
    return portal


def allow(resident, codename):
    resident.user_permissions.add(Permission.objects.get(codename=codename))


def exported(staff, query="", **data):
    """The rows of the file as dictionaries."""
    answer = staff.post(EXPORT + query, data)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_file_has_what_the_filters_show_in_the_order_of_the_list(staff):
    ReportFactory(reference="later", due_on=date(2026, 12, 1))
    ReportFactory(reference="late", due_on=date(2026, 1, 1))
    ReportFactory(reference="fixed", status=Status.FIXED)
    ReportFactory(
        reference="GRID", delivery__destination=DestinationFactory(slug="highways-drainage")
    )
    team = DestinationFactory().pk
    assert [row["reference"] for row in exported(staff)] == ["late", "later", "GRID"]
    assert [row["reference"] for row in exported(staff, "?status=fixed")] == ["fixed"]
    assert [row["reference"] for row in exported(staff, f"?team={team}")] == ["late", "later"]
    assert [row["reference"] for row in exported(staff, "?q=grid")] == ["GRID"]


def test_a_row_says_what_staff_need_to_know(staff):
    asset = AssetFactory(feature_id="014", central_asset_id="A-77", site_code="38400123")
    report = ReportFactory(
        reference="SL-2222-2222",
        asset=asset,
        answers=[{"question": "Is it raining?", "answer": "No", "attribute": "rained"}],
        latitude=53.4,
        longitude=-2.16,
        postcode="SK3 8UD",
        status=Status.FIXED,
        created_at=datetime(2026, 7, 1, 9, 30, 15, 123, tzinfo=UTC),
        due_on=date(2026, 7, 15),
        delivery__remote_reference="101000",
    )
    FollowerFactory.create_batch(2, report=report)
    [row] = exported(staff, "?status=all")
    assert row == {
        "reference": "SL-2222-2222",
        "kind": "Street light",
        "fault_code": "light-out",
        "fault": "It is not working",
        "chosen_answers": "Is it raining? No",
        "place": "Outside number 12, Ashfield Road, SK3 8UD",
        "postcode": "SK3 8UD",
        "latitude": "53.4",
        "longitude": "-2.16",
        "usrn": "38400123",
        "asset_id": "A-77",
        "plate_number": "014",
        "team": "street lighting team",
        "status": "Fixed",
        "made_at": "2026-07-01T10:30:15+01:00",
        "target": "2026-07-15",
        "days_late": "0",
        "followers": "2",
        "sending": "Waiting to be sent",
        "their_reference": "101000",
    }


def private(**fields):
    ada = ResidentFactory(email="ada@example.org")
    words = {"location": "By my own gate", "description": "Call me: Ada"}
    typed = {"question": "Outside which number?", "answer": "Ada lives at 68", "attribute": ""}
    words["answers"] = [typed]
    return ReportFactory(resident=ada, asset=None, postcode="SK3 8UD", **words, **fields)


def test_without_a_permission_of_its_own_the_file_says_nothing_of_anybody(staff):
    private()
    [row] = exported(staff)
    assert not set(PERSONAL) & row.keys()
    assert row["place"] == "Near SK3 8UD"
    assert not [value for value in row.values() if "Ada" in value or "gate" in value]


def test_personal_data_are_refused_without_the_permission(staff):
    private()
    assert staff.post(EXPORT, {"personal": "yes"}).status_code == 403
    assert not Export.objects.exists()
    assert b"personal data" not in staff.get("/admin/street_reports/report/").content


def test_staff_with_the_permission_choose_whether_they_need_personal_data(staff, eve):
    private()
    allow(eve, "export_personal_data")
    assert not set(PERSONAL) & exported(staff)[0].keys()
    [row] = exported(staff, personal="yes")
    assert [row[name] for name in PERSONAL] == [
        "By my own gate",
        "Outside which number? Ada lives at 68",
        "Call me: Ada",
        "ada@example.org",
    ]
    assert b"Export with personal data" in staff.get("/admin/street_reports/report/").content


def test_a_report_whose_reporter_left_names_nobody(staff, eve):
    allow(eve, "export_personal_data")
    ReportFactory(resident=None)
    assert exported(staff, personal="yes")[0]["reporter"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_word_of_a_resident_becomes_a_formula(staff, eve, start):
    allow(eve, "export_personal_data")
    formula = f'{start}HYPERLINK("https://evil.example","Look")'
    ReportFactory(description=formula, location=formula)
    [row] = exported(staff, personal="yes")
    assert row["description"] == f"'{formula}"
    assert row["place"] == f"'{formula}"


@given(st.text())
def test_whatever_is_written_no_cell_begins_a_formula(text):
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell(text) in (text, f"'{text}")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-2.16, "-2.16"), (0, "0"), (None, ""), (date(2026, 1, 2), "2026-01-02")],
)
def test_figures_and_dates_stay_what_they_are(value, expected):
    assert cell(value) == expected


def test_words_with_commas_quotes_and_lines_arrive_as_they_were(staff, eve):
    allow(eve, "export_personal_data")
    words = 'It says "14",\r\nand é, 灯'
    ReportFactory(description=words)
    assert exported(staff, personal="yes")[0]["description"] == words


# On record ---------------------------------------------------------------------------------------


def test_every_export_is_on_record(staff, eve):
    ReportFactory.create_batch(3)
    exported(staff, "?target=none&q=Ashfield")
    export = Export.objects.get()
    assert (export.by, export.rows, export.has_personal_data) == (eve, 3, False)
    assert export.filters == "target=none&q=Ashfield"


def test_an_export_is_on_record_before_its_first_row_leaves(staff):
    ReportFactory()
    answer = staff.post(EXPORT)
    assert Export.objects.get().rows is None
    answer.close()


def test_an_export_that_was_cut_off_says_how_many_rows_left(eve):
    ReportFactory.create_batch(2)
    export = Export.objects.create(by=eve)
    stream = lines(export=export, reports=counted())
    next(stream)
    stream.close()
    export.refresh_from_db()
    assert export.rows == 0


def counted():
    return Report.objects.annotate(others=Value(0)).order_by("pk")


def test_staff_find_who_took_out_what(portal):
    portal.sign_in(ResidentFactory(staff=True))
    exported(portal, "?target=none")
    page = portal.get("/admin/street_reports/export/").content.decode()
    assert 'href="/admin/street_reports/report/?target=none"' in page


def test_asking_for_the_address_exports_nothing(staff):
    assert staff.get(EXPORT).url == "/admin/street_reports/report/"
    assert not Export.objects.exists()


def test_filters_that_make_no_sense_export_nothing(staff):
    assert staff.post(f"{EXPORT}?kind__exact=a&kind__isnull=b").status_code in (200, 302, 400)
    assert not Export.objects.filter(rows__gt=0).exists()


def test_staff_who_may_not_look_at_reports_export_none(portal):
    portal.sign_in(ResidentFactory(is_staff=True))
    assert portal.post(EXPORT).status_code == 403


def test_residents_export_nothing(portal, resident):
    portal.sign_in(resident)
    assert portal.post(EXPORT).status_code == 302
    assert not Export.objects.exists()


def test_the_file_of_nothing_has_its_headings(staff):
    assert exported(staff) == []
    assert Export.objects.get().rows == 0


# Memory ------------------------------------------------------------------------------------------


def many(number):
    """So many reports, quickly."""
    fault, team = FaultTypeFactory(), DestinationFactory()
    deliveries = [ReportDeliveryFactory.build(destination=team) for _ in range(number)]
    type(deliveries[0]).objects.bulk_create(deliveries)
    Report.objects.bulk_create(
        Report(
            reference=f"R{index}",
            kind=fault.kind,
            fault=fault,
            location="x" * 400,
            delivery=delivery,
            destination=team,
        )
        for index, delivery in enumerate(deliveries)
    )


def peak(export):
    """Bytes that the longest moment of an export takes."""
    tracemalloc.start()
    try:
        for _ in lines(export=export, reports=counted()):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_long_file_takes_no_more_memory_than_a_short_one():
    eve = ResidentFactory(staff=True)
    many(2 * BATCH)
    short = peak(Export.objects.create(by=eve))
    Report.objects.all()._raw_delete("default")
    many(10 * BATCH)
    assert peak(Export.objects.create(by=eve)) < 1.2 * short


def test_personal_data_has_the_address_of_who_reported_without_an_account(staff, eve):
    allow(eve, "export_personal_data")
    contact = ContactFactory(is_reporter=True)
    ContactFactory(report=contact.report)
    [row] = exported(staff, personal="1")
    assert row["reporter"] == contact.email
    [row] = exported(staff)
    assert contact.email not in str(row)
