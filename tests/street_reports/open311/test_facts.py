"""The facts of GeoReport v2 and of mySociety's updates that no other test here is named after."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from street_reports.models import Report
from street_reports.open311 import queries
from tests.factories.street_reports import ReportFactory, UpdateFactory

REQUEST = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode"),
    *("lat", "long", "media_url"),
}
UPDATE = {
    *("update_id", "service_request_id", "status", "description", "updated_datetime"),
    "media_url",
}
STATUSES = (
    *("OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "PLANNED", "ACTION_SCHEDULED", "INVESTIGATING"),
    *("DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "INTERNAL_REFERRAL"),
    *("CANCELLED", "REOPEN", "FOR_TRIAGE", "UNCHANGED"),
)


def test_every_document_has_an_xml_declaration_and_no_attribute_or_namespace(app, sent):
    row = app.report(sent)
    UpdateFactory(report=Report.objects.get())
    for path in (
        *("discovery", "services", "services/light-out", "requests", "servicerequestupdates"),
        *(f"requests/{row['service_request_id']}", "requests/none", "tokens/none"),
    ):
        answer = app.get(f"{path}.xml")
        assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>'), path
        elements = list(app.xml(path).iter())
        assert not any(element.attrib or "}" in element.tag for element in elements), path


def test_discovery_has_all_its_fields(app):
    found = app.json("discovery")
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    [endpoint] = found["endpoints"]
    assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["type"] in {"production", "test"}


def test_a_service_has_all_its_fields(app):
    fields = {
        *("service_code", "service_name", "description", "metadata"),
        *("type", "keywords", "group"),
    }
    assert {frozenset(row) for row in app.json("services")} == {frozenset(fields)}


def test_a_request_and_an_update_have_all_their_fields_whether_or_not_they_are_empty(app):
    report = ReportFactory(asset=None, postcode="", latitude=None, longitude=None)
    UpdateFactory(report=report)
    assert [set(row) for row in app.json("requests")] == [REQUEST]
    assert {element.tag for element in app.xml("requests")[0]} == REQUEST
    assert [set(row) for row in app.json("servicerequestupdates")] == [UPDATE]
    [row] = app.json("requests")
    assert [row[name] for name in ("address", "address_id", "zipcode", "lat", "long")] == [None] * 5


def test_an_empty_parameter_is_none_and_an_unknown_one_is_nothing(app):
    report = ReportFactory()
    nothing = dict.fromkeys(
        ("status", "service_code", "service_request_id", "start_date", "end_date", "page"), ""
    )
    nothing |= {"page_size": "", "updated_after": "", "updated_before": "", "api_key": ""}
    for extra in (nothing, {"extensions": "true", "jurisdiction_id": "other.example"}):
        [row] = app.json("requests", **extra)
        assert row["service_request_id"] == report.reference


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01T12:00:00Z",
        "2026-06-01T13:00:00+01:00",
        "2026-06-01T13:00:00 01:00",  # a plus sign that was not encoded
        "2026-06-01T12:00:00.000Z",
    ],
)
def test_a_time_may_have_any_offset(text):
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert queries.moment_in({"start_date": text}, "start_date") == noon


def test_a_list_has_1000_rows_at_most_and_so_many_unless_asked_otherwise():
    assert queries.page_in({}).rows == slice(0, 1000)
    assert queries.page_in({"page": "3", "page_size": "50"}).rows == slice(100, 150)
    with pytest.raises(queries.Refused):
        queries.page_in({"page_size": "1001"})


def test_90_days_are_the_most_and_either_end_may_be_left_out():
    now = datetime(2026, 11, 28, tzinfo=UTC)
    start, end = {"a": "2026-06-01T00:00:00Z"}, {"b": "2026-08-30T00:00:00Z"}
    for query in ({}, start, end, start | end):
        span = queries.span_in(query, "a", "b", now)
        assert (span.end - span.start).days == 90
    with pytest.raises(queries.Refused):
        queries.span_in(start | {"b": "2026-08-30T00:00:01Z"}, "a", "b", now)


def test_ids_are_strings_whose_zeros_stay(app, sent):
    app.report(sent | {"attribute[report_reference]": "007"})
    raw = app.get("tokens/007.json", api_key="fixmystreet.secret").content
    assert b'"token":"007"' in raw
    [row] = app.json("requests")
    assert isinstance(row["service_request_id"], str) and isinstance(row["address_id"], str)


def test_a_closed_request_was_updated_when_it_was_closed(app):
    made = datetime(2026, 11, 1, tzinfo=UTC)
    report = ReportFactory(created_at=made, changed_at=made)
    report.move_to("fixed")
    [row] = app.json("requests")
    report.refresh_from_db()
    assert row["status"] == "closed" and report.changed_at > made
    assert row["updated_datetime"] == report.changed_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_every_status_of_an_update_is_taken_in_capitals_and_given_in_small_letters(app, sent):
    update = {
        "service_request_id": app.report(sent)["service_request_id"],
        "updated_datetime": "2026-11-23T10:02:00Z",
        "description": "News.",
    }
    for number, status in enumerate(STATUSES):
        answer = app.post(
            "servicerequestupdates.json", update | {"status": status, "update_id": number}
        )
        assert answer.status_code == 200, status
    for state in ("", "accepted", "planned", "fixed", "closed", "not_ours"):
        UpdateFactory(report=Report.objects.get(), status=state)
    given = {row["status"] for row in app.json("servicerequestupdates")}
    assert len(given) == 6 and given <= {status.lower() for status in STATUSES}
