"""What anybody may read over Open311, and what nobody may."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.utils import timezone

from street_reports.models import Act, FaultType, Owner, Report
from street_reports.workflow import UNEXPLAINED, Status
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    ContactFactory,
    FaultTypeFactory,
    FollowerFactory,
    PhotoFactory,
    QuestionFactory,
    ReportFactory,
    UpdateFactory,
)

MARK = "Xy7-personal"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def ids(rows):
    return [row["service_request_id"] for row in rows]


def test_discovery_names_the_specification_and_both_formats(app, settings):
    settings.SITE_URL = "https://my.example.gov.uk"
    [endpoint] = app.json("discovery")["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "https://my.example.gov.uk/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]


@pytest.mark.parametrize(
    "form, expected",
    [("xml", "text/xml; charset=utf-8"), ("json", "application/json; charset=utf-8")],
)
def test_content_types_are_those_of_the_specification(app, form, expected):
    for path in ("discovery", "services", "requests", "servicerequestupdates", "requests/none"):
        answer = app.get(f"{path}.{form}")
        assert answer.headers["Content-Type"] == expected
        assert not answer.cookies


def test_services_are_what_residents_can_report_with_their_dangers(app, settings):
    settings.EMERGENCY_PHONE = "0161 000 0000"
    FaultTypeFactory(code="light-gone", name="Switched off", is_active=False)
    found = {row["service_code"]: row for row in app.json("services")}
    assert set(found) == set(
        FaultType.objects.filter(is_active=True).values_list("code", flat=True)
    )
    light = found["light-out"]
    assert light["type"] == "realtime" and light["metadata"] is True
    assert "0161 000 0000" in light["description"]


def test_questions_are_attributes_in_order_with_their_answers_as_values(app):
    QuestionFactory(text="How long?", attribute="how_long", is_required=True, choices=["A", "B"])
    QuestionFactory(text="Which side?")
    rows = app.json("services/light-out")["attributes"]
    assert [row["order"] for row in rows] == list(range(1, len(rows) + 1))
    [asked] = [row for row in rows if row["code"] == "how_long"]
    assert (asked["datatype"], asked["required"]) == ("singlevaluelist", True)
    assert [value["name"] for value in asked["values"]] == ["A", "B"]
    [typed] = [row for row in rows if row["description"] == "Which side?"]
    assert typed["datatype"] == "string" and "values" not in typed
    hidden = {row["code"]: row.get("automated") for row in rows}
    assert hidden["fixmystreet_id"] == "server_set"
    assert hidden["central_asset_id"] == "hidden_field"


@pytest.mark.parametrize(
    "path, query, status",
    [
        ("services/none", {}, 404),
        ("requests/SL-0000-0000", {}, 404),
        ("tokens/none", {}, 404),
        ("tokens/none", {"api_key": "wrong.key"}, 403),
        ("requests", {"start_date": "2026-06-01"}, 400),
        ("requests", {"start_date": "2026-06-01T12:00:00"}, 400),
        ("requests", {"start_date": "2026-13-01T12:00:00Z"}, 400),
        (
            "requests",
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
            400,
        ),
        (
            "requests",
            {"start_date": "2026-06-02T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
            400,
        ),
        ("requests", {"page": "0"}, 400),
        ("requests", {"page_size": "1001"}, 400),
        ("requests", {"page": "²"}, 400),
        ("requests", {"status": "fixed"}, 400),
        ("servicerequestupdates", {"api_key": "wrong.key"}, 403),
        ("servicerequestupdates", {"end_date": "yesterday"}, 400),
    ],
)
def test_refusals_have_a_code_and_words_in_both_formats(app, path, query, status):
    answer = app.get(f"{path}.json", **query)
    assert answer.status_code == status
    [error] = answer.json()
    assert error["code"] == status and error["description"]
    [row] = app.xml(path, **query)
    assert (row.tag, row.findtext("code")) == ("error", str(status))
    assert row.findtext("description") == error["description"]


def test_what_is_not_there_is_told_in_xml(app):
    answer = app.get("reports.html")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert app.client.delete("/open311/v2/requests.json").status_code == 405
    assert app.client.put("/open311/v2/services.json").headers["Allow"] == "GET, HEAD"


def test_report_is_listed_without_its_reporter(app, light):
    report = ReportFactory(asset=light, location=f"{light}", postcode="SK3 8UD", description=MARK)
    Report.objects.update(created_at=NOON, changed_at=NOON + timedelta(hours=1))
    [row] = app.json("requests", start_date="2026-06-01T12:00:00Z")
    assert row["service_request_id"] == report.reference
    assert row["requested_datetime"] == "2026-06-01T12:00:00Z"
    assert row["updated_datetime"] == "2026-06-01T13:00:00Z"
    assert row["address_id"] == light.central_asset_id
    assert (row["status"], row["status_notes"]) == ("open", "Received")
    assert row["description"] == "Street light: It is not working."
    assert app.json(f"requests/{report.reference}") == [row]


def all_states():
    """Reports in every state, of every kind of place, with all that people said about them."""
    for number, (status, has_asset, private) in enumerate(
        product(Status, (True, False), (True, False))
    ):
        owner = (
            {"owner": Owner.objects.get(slug="private")}
            if status == Status.NOT_OURS and has_asset
            else {}
        )
        reason = "somebody-elses" if owner else UNEXPLAINED.get(status)
        resident = ResidentFactory(email=f"{MARK.lower()}{number}@example.org")
        report = ReportFactory(
            **({} if has_asset else {"asset": None}),
            **owner,
            resident=resident,
            status=status,
            closure_reason_id=reason,
            location="Light 1, Ashfield Road" if has_asset else f"{MARK}, my house",
            description=MARK,
            answers=[{"question": "Where?", "answer": MARK, "attribute": ""}],
            is_private=private,
        )
        UpdateFactory(report=report, text=MARK, status=status)
        FollowerFactory(report=report, information=MARK)
        ContactFactory(
            report=report, email=f"{MARK.lower()}-{number}@example.org", information=MARK
        )
        Act.objects.create(report=report, resident=resident, kind="withdraw", text=MARK)
        PhotoFactory(report=report, resident=resident, position=1)
        if private:
            PhotoFactory(report=report, resident=resident, position=2, approved_at=timezone.now())
        yield report


@pytest.mark.parametrize("form", ["xml", "json"])
def test_nothing_personal_nothing_private_and_no_unapproved_photo_is_ever_said(app, form):
    reports = list(all_states())
    photos = [str(photo.public_id) for report in reports for photo in report.photos.all()]
    paths = ["requests", "servicerequestupdates"]
    paths += [f"requests/{report.reference}" for report in reports]
    lists = [{}, {"status": "open,closed"}, {"updated_after": moment(-1)}]
    lists += [{"service_request_id": ",".join(report.reference for report in reports)}]
    said = "".join(
        app.get(f"{path}.{form}", **query).content.decode() for path in paths for query in lists
    )
    for report in reports:
        assert said.count(report.reference) > 3 or report.is_private
        assert f"<service_request_id>{report.reference}" not in said or not report.is_private
        assert f'"service_request_id":"{report.reference}' not in said or not report.is_private
    assert MARK.lower() not in said.lower()
    assert not [photo for photo in photos if photo in said]
    assert {app.get(f"photos/{photo}.jpg").status_code for photo in photos} == {404}


def test_photo_is_public_once_staff_approve_it(app):
    photo = PhotoFactory(report=ReportFactory(), position=1, approved_at=timezone.now())
    [row] = app.json("requests")
    assert row["media_url"].endswith(f"/open311/v2/photos/{photo.public_id}.jpg")
    answer = app.get(f"photos/{photo.public_id}.jpg")
    assert answer.status_code == 200 and b"".join(answer).startswith(b"\xff\xd8")
    Report.objects.update(is_private=True)
    assert app.get(f"photos/{photo.public_id}.jpg").status_code == 404


def moment(days):
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_list_is_of_the_last_90_days_newest_first_unless_asked_otherwise(app):
    made = [ReportFactory(created_at=timezone.now() - timedelta(days=n)) for n in (100, 80, 1)]
    assert ids(app.json("requests")) == [made[2].reference, made[1].reference]
    found = app.json("requests", start_date=moment(-120), end_date=moment(-95))
    assert ids(found) == [made[0].reference]
    assert ids(app.json("requests", end_date=moment(-60))) == [made[1].reference, made[0].reference]


def test_ends_of_a_time_are_included_to_their_last_fraction_of_a_second(app):
    report = ReportFactory()
    Report.objects.update(created_at=NOON.replace(microsecond=700_000))
    UpdateFactory(report=report, received_at=NOON.replace(microsecond=700_000))
    noon = "2026-06-01T12:00:00Z"
    for path, query in [
        ("requests", {"start_date": noon, "end_date": noon}),
        ("requests", {"end_date": noon, "updated_after": moment(-1)}),
        ("servicerequestupdates", {"start_date": noon, "end_date": noon}),
    ]:
        assert ids(app.json(path, **query)) == [report.reference], (path, query)


def test_more_ids_than_an_answer_has_rows_are_refused_not_dropped(app):
    report = ReportFactory()
    some = [f"none-{number}" for number in range(999)]
    assert len(app.json("requests", service_request_id=",".join([*some, report.reference]))) == 1
    asked = ",".join([*some, "one-more", report.reference])
    answer = app.get("requests.json", service_request_id=asked)
    assert answer.status_code == 400
    assert answer.json()[0]["description"] == (
        "service_request_id takes 1000 ids at most, not 1001."
    )


def test_list_takes_codes_states_ids_and_pages(app):
    light, flickering = (
        ReportFactory(),
        ReportFactory(fault__code="light-flickering", fault__name="F"),
    )
    fixed = ReportFactory(status="fixed", created_at=timezone.now() - timedelta(days=200))
    assert ids(app.json("requests", service_code="light-flickering,none")) == [flickering.reference]
    assert ids(app.json("requests", status="closed", start_date=moment(-250))) == [fixed.reference]
    both = f"{fixed.reference}, {light.reference}"
    asked = app.json("requests", service_request_id=both, status="open", end_date="")
    assert ids(asked) == [light.reference, fixed.reference]
    pages = [app.json("requests", page=page, page_size=1) for page in (1, 2, 3)]
    assert [ids(page) for page in pages] == [[flickering.reference], [light.reference], []]


def test_what_changed_is_listed_in_the_order_of_changes_however_old(app):
    old = ReportFactory(created_at=timezone.now() - timedelta(days=300))
    ReportFactory(changed_at=timezone.now() - timedelta(days=2))
    since = moment(-1)
    new = ReportFactory()
    old.move_to("planned")
    assert ids(app.json("requests", updated_after=since)) == [new.reference, old.reference]


@pytest.mark.parametrize("number", [1, 20])
def test_list_asks_the_database_as_often_for_many_reports(app, number, django_assert_num_queries):
    for report in ReportFactory.create_batch(number):
        PhotoFactory(report=report, position=1, approved_at=timezone.now())
        UpdateFactory(report=report)
    with django_assert_num_queries(5):  # reports, faults, reasons, teams, photos
        assert len(app.json("requests")) == number
    with django_assert_num_queries(3):  # keys, updates, acts
        assert len(app.json("servicerequestupdates")) == number


def test_who_has_the_list_gets_nothing_until_it_changes(app):
    report = ReportFactory()
    tag = app.get("requests.json").headers["ETag"]
    again = app.client.get("/open311/v2/requests.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    report.move_to("fixed")
    changed = app.client.get("/open311/v2/requests.json", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["ETag"] != tag
