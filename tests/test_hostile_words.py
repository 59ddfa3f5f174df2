"""Odd words that a resident may well type go all the way, and are shown as they were typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Resident
from appointments import actions
from stockport.outbox.models import Delivery
from street_reports.models import Report
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.estate import ANSWERS, Address, Estate, verified_sign_in

WORDS = {
    "markup": "<script>alert(1)</script> & <b>bold</b> \"'`",
    "template": "{ { 7 } } ${7*7} #{7} %s %(a)s {0} {a.b}",
    "emoji and right to left": "👩‍👩‍👧 שלום עליכם é e\N{COMBINING ACUTE ACCENT}",
    "lines of a calendar": "Knock.\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Other; a,b\\n",
    "lines of an e-mail": "Knock.\r\n\r\nBcc: b@example.org\r\n.\r\nQUIT",
    "as long as it may be": "x" * 500,
}


def same(page_text: str, typed: str) -> bool:
    """Whether a page has the words, however it breaks the lines."""
    return " ".join(typed.split()) in page_text


@pytest.fixture
def estate(resident: Resident, portal: PortalClient, settings: Settings, tmp_path: Path) -> Estate:
    settings.MEDIA_ROOT = tmp_path / "media"
    estate = Estate(resident)
    verified_sign_in(portal, resident)
    return estate


@pytest.mark.parametrize("kind", WORDS)
def test_notes_of_an_appointment_are_kept_as_typed(
    portal: PortalClient, resident: Resident, kind: str
) -> None:
    typed = WORDS[kind]
    portal.sign_in(resident)
    service, place = make_place()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    step = reverse("appointments:step", args=[held.uuid, "notes"])
    check = portal.post(step, {"notes": typed}).url
    assert same(portal.get(check).page.text("main"), typed)
    portal.post(check)
    assert same(portal.get(held.get_absolute_url()).page.text("main"), typed)
    calendar = portal.get(reverse("appointments:calendar", args=[held.uuid])).content
    assert calendar.count(b"BEGIN:VEVENT") == calendar.count(b"END:VEVENT") == 1
    [mail] = Delivery.objects.filter(destination__slug="email")
    assert mail.payload["to"] == [resident.email]
    assert "\n" not in mail.payload["subject"]


@pytest.mark.parametrize("kind", WORDS)
def test_description_of_a_report_is_kept_as_typed(
    portal: PortalClient, estate: Estate, kind: str
) -> None:
    typed = WORDS[kind]
    for page in estate.in_session[1:]:
        slug = str(page.values["slug"])
        portal.post(str(page), {"description": typed} if slug == "details" else ANSWERS[slug])
    check = estate.in_session[0]
    assert same(portal.get(str(check)).page.text("main"), typed)
    assert portal.post(str(check)).status_code == 302
    sent = Report.objects.latest("pk")
    assert sent.description == typed.replace("\r\n", "\n")
    report = Address("street_reports:report", {"public_id": sent.public_id})
    assert same(portal.get(str(report)).page.text("main"), typed)
    assert sent.delivery.payload["description"].endswith(sent.description)


@pytest.mark.parametrize("kind", WORDS)
def test_place_of_a_report_is_shown_as_typed(
    portal: PortalClient, estate: Estate, kind: str
) -> None:
    typed, began = WORDS[kind][:300], timezone.now()
    for page in estate.in_session[1:]:
        slug = str(page.values["slug"])
        portal.post(str(page), {"where": typed} if slug == "place" else ANSWERS[slug])
    portal.post(str(estate.in_session[0]))
    assert same(portal.get(reverse("street_reports:index")).page.text("main"), typed)
    sent = Delivery.objects.filter(destination__slug="email", resident=estate.resident)
    mails = sent.filter(kind="email", created_at__gte=began)
    assert mails
    for mail in mails:
        assert "\n" not in mail.payload["subject"]
        assert mail.payload["to"] == [estate.resident.email]
