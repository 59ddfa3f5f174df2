"""FixMyStreet's calls as its Perl client puts them on the wire, and what it reads of the answers.

Its forms have no charset, a line ends in CRLF in them, and a photo elsewhere may be one of several.
Its newer versions send photos as the parts of a multipart form.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import pytest
from defusedxml.ElementTree import fromstring

from street_reports.models import Report
from tests.factories.street_reports import UpdateFactory
from tests.stockport.test_images import picture

BASE = "/open311/v2/"
JURISDICTION = ("jurisdiction_id", "stockport.gov.uk")
KEY = ("api_key", "fixmystreet.secret")
FORM = "application/x-www-form-urlencoded"
REPORT = [
    (
        "description",
        "title: Lamp out\n\ndetail: Since Monday “Zoë”\n\nurl: https://fms.example/7\n",
    ),
    ("service_code", "light-out"),
    ("first_name", "Zoë"),
    ("last_name", "Müller"),
    ("email", "zoe@example.org"),
    ("lat", "53.400001"),
    ("long", "-2.160001"),
    ("deviceid", "iPhone"),
    ("attribute[fixmystreet_id]", "7"),
    ("attribute[easting]", "389430"),
    ("attribute[title]", ""),
]


def written(pairs):
    """A form as LWP writes it: everything escaped, each line of a value ended by CRLF."""
    body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    return re.sub("(?<!%0D)%0A", "%0D%0A", body).encode()


class FixMyStreet:
    """An endpoint with a slash at its end, a jurisdiction in every call, XML."""

    def __init__(self, app):
        self.client, self.key = app.client, KEY

    def get(self, path, *query):
        answer = self.client.get(f"{BASE}{path}.xml?{written([*query, JURISDICTION]).decode()}")
        assert answer.status_code == 200, answer.content
        return fromstring(answer.content)

    def post(self, path, pairs):
        return self.send(path, written([*pairs, JURISDICTION, self.key]), FORM)

    def send(self, path, body, content_type):
        answer = self.client.post(f"{BASE}{path}.xml", body, content_type=content_type)
        return answer.status_code, fromstring(answer.content)


@pytest.fixture
def fixmystreet(app):
    return FixMyStreet(app)


def test_it_fills_its_categories(fixmystreet):
    services = fixmystreet.get("services").findall("service")
    light = next(one for one in services if one.findtext("service_code") == "light-out")
    assert light.findtext("metadata") == "true" and light.findtext("group") == "Street light"
    definition = fixmystreet.get("services/light-out")
    attributes = definition.find("attributes")
    # It leaves out a whole definition whose attributes have an XML attribute.
    assert all(not element.attrib for element in definition.iter())
    orders = [int(one.findtext("order")) for one in attributes.findall("attribute")]
    assert orders == sorted(set(orders))


def test_it_sends_a_report_twice_and_hears_of_it(fixmystreet, light, teams):
    status, answer = fixmystreet.post("requests", REPORT)
    assert status == 200
    reference = answer.findtext("request/service_request_id")
    report = Report.objects.get()
    assert report.reference == reference and "Since Monday “Zoë”" in report.description
    status, again = fixmystreet.post("requests", REPORT)
    assert again.findtext("request/service_request_id") == reference
    [found] = fixmystreet.get("requests", ("service_request_id", f"{reference},none"))
    assert found.findtext("status") == "open"
    UpdateFactory(report=report, status="fixed", text="Lamp replaced, Zoë.")
    now = datetime.now(UTC)
    window = [
        ("start_date", f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"),
        ("end_date", f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}+00:00"),
    ]
    [update] = fixmystreet.get("servicerequestupdates", KEY, *window).findall("request_update")
    assert update.findtext("service_request_id") == reference
    assert (update.findtext("status"), update.findtext("description")) == (
        "fixed",
        "Lamp replaced, Zoë.",
    )
    assert update.findtext("updated_datetime").endswith("Z")


def test_it_asks_for_news_without_a_key_and_without_a_time(fixmystreet, light, teams):
    fixmystreet.post("requests", REPORT)
    UpdateFactory(report=Report.objects.get(), status="fixed", text="Lamp replaced, Zoë.")
    [update] = fixmystreet.get("servicerequestupdates", ("api_key", "")).findall("request_update")
    assert update.findtext("description") == "The team says that it is fixed."


def test_its_photos_elsewhere_are_all_told_to_staff(fixmystreet, light, teams):
    links = [f"https://fms.example/photo/7.{number}.full.jpeg?a=1" for number in range(3)]
    status, _ = fixmystreet.post("requests", [*REPORT, *(("media_url", link) for link in links)])
    assert status == 200
    assert Report.objects.get().description.endswith(" ".join(links))


def test_its_photos_in_the_form_are_taken(fixmystreet, light, teams):
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in [*REPORT, JURISDICTION, KEY]
    ]
    parts += [
        f'Content-Disposition: form-data; name="photo{number}"; filename="{number}.jpeg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + picture("JPEG", size=(60 + number, 48))
        for number in (1, 2)
    ]
    body = b"".join(b"--xYzZY\r\n" + part + b"\r\n" for part in parts) + b"--xYzZY--\r\n"
    status, _ = fixmystreet.send("requests", body, "multipart/form-data; boundary=xYzZY")
    assert status == 200
    report = Report.objects.get()
    assert report.photos.count() == 2 and "Since Monday “Zoë”" in report.description


def test_it_sends_an_update_and_reads_why_it_was_refused(fixmystreet, sent, app):
    reference = app.report(sent)["service_request_id"]
    update = [
        ("updated_datetime", "2026-11-23T10:02:00+00:00"),
        ("service_request_id", reference),
        ("status", "OPEN"),
        ("description", "Noch dunkel ©\nimmer noch"),
        ("last_name", "-"),
        ("first_name", "Zoë"),
        ("email", "zoe@example.org"),
        ("update_id", "12"),
        ("media_url", "https://fms.example/photo/c/12.jpeg"),
        ("email_alerts_requested", "FALSE"),
        ("title", ""),
    ]
    status, answer = fixmystreet.post("servicerequestupdates", update)
    assert status == 200 and answer.findtext("request_update/update_id")
    fixmystreet.key = ("api_key", "wrong")
    status, answer = fixmystreet.post("servicerequestupdates", update)
    assert status == 403 and "api_key" in answer.findtext("error/description")
