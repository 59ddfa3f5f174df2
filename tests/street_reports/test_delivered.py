"""Reports reach a real back office once, and what happens there comes back."""

import time

import pytest
from django.core.files.base import ContentFile
from django.db.models.functions import Now

from stockport.outbox import delivering
from stockport.outbox.inbound.polling import bring_news
from stockport.outbox.models import Delivery, Destination
from street_reports.actions import Place, submit_report
from street_reports.models import Update
from street_reports.rules import TEAMS
from street_reports.workflow import Status
from tests.backoffice import API_KEY, running_backoffice
from tests.factories.street_reports import FaultTypeFactory, PhotoFactory
from tests.stockport.test_images import picture

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PATIENCE = 10  # seconds
TOKEN = "8f14e45f-ceea-467f-ab7d-0d0d6a1f2d11"


@pytest.fixture(scope="module")
def office():
    with running_backoffice("--pace", "0.2") as office:
        yield office


@pytest.fixture
def report(office, teams, light, resident):
    slugs = [team.destination for team in TEAMS.values()]
    Destination.objects.filter(slug__in=slugs).update(endpoint=office.url, api_key=API_KEY)
    for name in ("a.jpg", "b.jpg"):
        PhotoFactory(resident=resident, form_token=TOKEN, file=ContentFile(picture(), name=name))
    return submit_report(
        resident=resident,
        token=TOKEN,
        fault=FaultTypeFactory(),
        place=Place.of(light),
        description="Dark.",
        wants_updates=True,
    )


def work(report):
    """Carry everything that is due for the report's team."""
    Delivery.objects.filter(state__in=Delivery.WAITING).update(next_attempt_at=Now())
    Destination.objects.update(resting_until=None)
    while claimed := delivering.claim(report.delivery.destination_id):
        delivering.carry(claimed)
    report.delivery.refresh_from_db()


def wait_until_fixed(report):
    deadline = time.monotonic() + PATIENCE
    while report.status != Status.FIXED and time.monotonic() < deadline:
        bring_news(report.delivery.destination)
        report.refresh_from_db()
        time.sleep(0.1)


def test_resident_watches_a_report_become_fixed(report, office, portal, resident):
    portal.sign_in(resident)
    work(report)
    [case] = [c for c in office.ledger()["cases"] if c["reference"] == report.reference]
    assert report.delivery.remote_reference == case["id"]
    assert [follower.state for follower in report.delivery.followers.all()] == ["sent", "sent"]
    assert "Sent to the street lighting team" in timeline(portal, report)
    wait_until_fixed(report)
    told = timeline(portal, report)
    for words in ("Received", f"Their reference is {case['id']}", "Work is planned", "Fixed"):
        assert words in told
    assert "Photo from the person" not in told
    times = Update.objects.filter(report=report).count()
    bring_news(report.delivery.destination)
    assert Update.objects.filter(report=report).count() == times


def timeline(portal, report):
    return portal.get(report.get_absolute_url()).page.text("ol.portal-timeline")


def test_report_made_while_the_back_office_is_down_arrives_once(report, office, portal, resident):
    portal.sign_in(resident)
    office.stop()
    work(report)
    assert report.delivery.state == "retry"
    assert "We keep trying" in timeline(portal, report)
    office.start()
    work(report)
    assert report.delivery.state == "sent"
    assert office.references().count(report.reference) == 1
