"""The calls that apps in use make, as they make them, and what they need of the answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from defusedxml.ElementTree import fromstring

from street_reports.models import Report
from tests.factories.street_reports import ReportFactory, UpdateFactory

KEY = "fixmystreet.secret"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


class FixMyStreet:
    """Its Perl client: XML, an endpoint with a slash at its end, a jurisdiction in every call."""

    def __init__(self, app) -> None:
        self.client = app.client
        self.known = {"jurisdiction_id": "stockport.gov.uk", "api_key": KEY}

    def get(self, path, **query):
        answer = self.client.get(f"/open311/v2/{path}.xml", query | self.known)
        assert answer.status_code == 200, answer.content
        return fromstring(answer.content)

    def post(self, path, **fields):
        body = urlencode(fields | self.known)
        answer = self.client.post(f"/open311/v2/{path}.xml", body, content_type=FORM)
        return answer.status_code, fromstring(answer.content)


@pytest.fixture
def fixmystreet(app):
    return FixMyStreet(app)


def test_fixmystreet_fills_its_categories(fixmystreet):
    services = fixmystreet.get("services").findall("service")
    light = next(one for one in services if one.findtext("service_code") == "light-out")
    assert light.findtext("metadata") == "true" and light.findtext("group") == "Street light"
    definition = fixmystreet.get("services/light-out")
    attributes = definition.find("attributes")
    # It leaves out a whole definition whose attributes have an XML attribute.
    assert all(not element.attrib for element in definition.iter())
    orders = [int(one.findtext("order")) for one in attributes.findall("attribute")]
    assert orders == sorted(set(orders))


def test_fixmystreet_sends_a_report_twice_and_hears_of_it(fixmystreet, light, teams):
    fields = {
        "service_code": "light-out",
        "lat": "53.4000",
        "long": "-2.1600",
        "address_string": "",
        "address_id": "somebody else’s 10001234",
        "email": "zoe@example.org",
        "first_name": "Zoë",
        "last_name": "Müller",
        "phone": "",
        "description": "title: Lamp out\n\ndetail: Since Monday “Zoë”\n\nurl: https://fms/7",
        "media_url": "https://fms.example.org/photo/7.jpeg",
        "attribute[fixmystreet_id]": "7",
        "attribute[easting]": "389430",
    }
    status, answer = fixmystreet.post("requests", **fields)
    assert status == 200
    reference = answer.findtext("request/service_request_id")
    assert Report.objects.get().reference == reference
    status, again = fixmystreet.post("requests", **fields)
    assert again.findtext("request/service_request_id") == reference
    [found] = fixmystreet.get("requests", service_request_id=f"{reference},none")
    assert found.findtext("status") == "open"
    UpdateFactory(report=Report.objects.get(), status="fixed", text="Lamp replaced, Zoë.")
    now = datetime.now(UTC)
    news = fixmystreet.get(
        "servicerequestupdates",
        start_date=f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}",
        end_date=f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}+00:00",
    )
    [update] = news.findall("request_update")
    assert update.findtext("service_request_id") == reference
    assert (update.findtext("status"), update.findtext("description")) == (
        "fixed",
        "Lamp replaced, Zoë.",
    )
    assert update.findtext("updated_datetime").endswith("Z")


def test_fixmystreet_sends_an_update_and_reads_why_it_was_refused(fixmystreet, sent, app):
    reference = app.report(sent)["service_request_id"]
    fields = {
        "service_request_id": reference,
        "updated_datetime": "2026-11-23T10:02:00+00:00",
        "update_id": "12",
        "status": "OPEN",
        "email": "zoe@example.org",
        "description": "Noch dunkel ©",
        "first_name": "Zoë",
        "last_name": "Müller",
        "title": "",
        "media_url": "",
    }
    status, answer = fixmystreet.post("servicerequestupdates", **fields)
    assert status == 200 and answer.findtext("request_update/update_id")
    fixmystreet.known["api_key"] = "wrong"
    status, answer = fixmystreet.post("servicerequestupdates", **fields)
    assert status == 403 and "api_key" in answer.findtext("error/description")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_definition_and_requests(app, form):
    """The Python client of 2025; it gives what is inside the outer element."""
    report = ReportFactory()
    for path, query in [
        ("services", {}),
        ("services/light-out", {}),
        ("requests", {"service_code": "light-out", "status": "open"}),
        (f"requests/{report.reference}", {}),
    ]:
        answer = app.get(f"{path}.{form}", **query)
        assert answer.status_code == 200
        rows = answer.json() if form == "json" else fromstring(answer.content)
        assert len(rows) > 0, path


def test_three_posts_and_reads_back(app, light, teams):
    """The Python client of 2013: JSON, dates in UTC, “token” for what it was answered."""
    fields = {"lat": 53.4, "long": -2.16, "description": "Dim", "service_code": "light-dim"}
    [row] = app.post("requests.json", fields).json()
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
