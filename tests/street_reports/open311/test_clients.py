"""Public clients: georeport itself, and the calls of three (Python 2) and georeport for Ruby."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from georeport import GeoReport

from street_reports.models import Photo
from tests.factories.street_reports import ReportFactory
from tests.stockport.test_images import picture

KEY = "fixmystreet.secret"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_georeport_reads_all_that_it_can_ask_for_in_both_formats(live_server):
    reports = ReportFactory.create_batch(2)
    references = {report.reference for report in reports}
    known = [
        GeoReport(f"{live_server.url}/open311/v2", "stockport.gov.uk", output_format=form)
        for form in ("json", "xml")
    ]
    for client in known:
        assert "light-out" in {row["service_code"] for row in client.get_service_list()}
        assert client.get_service_definition("light-out")["service_code"] == "light-out"
        found = client.get_service_requests(service_code="light-out", status="open")
        assert {row["service_request_id"] for row in found} == references
        one = client.get_service_request(reports[0].reference)
        assert one["service_request_id"] == reports[0].reference
    in_json, in_xml = (client.get_service_request(reports[0].reference) for client in known)
    in_words = {name: None if value is None else str(value) for name, value in in_json.items()}
    assert in_words == in_xml


def test_three_discovers_posts_with_a_photo_and_reads_back(app, light, teams):
    """The Python client of 2013: JSON, a file as “media”, “address” for words, dates in UTC."""
    [endpoint] = app.json("discovery")["endpoints"]
    assert endpoint["url"].endswith("/open311/v2")
    fields = {
        "lat": 53.4, "long": -2.16, "description": "Dim", "service_code": "light-dim",
        "address_string": "123 Any St", "first_name": "Zach", "last_name": "Williams",
        "phone": "555-5555", "api_key": KEY, "media": SimpleUploadedFile("a.png", picture("PNG")),
    }  # fmt: skip
    [row] = app.client.post("/open311/v2/requests.json", fields).json()
    assert Photo.objects.get().report.reference == row["service_request_id"]
    [found] = app.json(f"requests/{row['service_request_id']}", api_key=KEY)
    assert found["service_code"] == "light-dim"
    [error] = app.json("tokens/none")
    assert error["code"] == 404


def test_georeport_for_ruby_reads_one_and_many_reports_alike(app):
    """A list with one report in it is a list, so that a client need not look for either."""
    ReportFactory()
    assert isinstance(app.json("requests"), list)
    ReportFactory()
    assert [row.tag for row in app.xml("requests")] == ["request", "request"]
