"""A real back office pushes its news while it is also asked for them: each counts once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db.models.functions import Now

from stockport.outbox import delivering
from stockport.outbox.inbound.applying import hand_on
from stockport.outbox.inbound.polling import bring_news
from stockport.outbox.models import Delivery, Destination, InboundUpdate
from street_reports.models import Report, Update
from street_reports.workflow import Status
from tests.backoffice import API_KEY, ROOT, running_backoffice
from tests.factories.street_reports import ReportFactory
from tests.waiting import eventually

pytestmark = pytest.mark.slow
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def office(live_server):
    webhook = f"{live_server.url}/webhooks/street-lighting/"
    with running_backoffice(
        "--pace", "0.7", "--webhook", webhook, "--webhook-secret", SECRET
    ) as office:
        yield office


@pytest.fixture
def reports(office):
    reports = [
        ReportFactory(
            wants_updates=True,
            delivery__payload={
                "service_code": "light-out",
                "lat": 53.4,
                "long": -2.16,
                "attributes": {},
            },
        )
        for _ in range(3)
    ]
    systems = Destination.objects.filter(connector="open311")
    systems.update(endpoint=office.url, api_key=API_KEY, webhook_secret="")
    return reports


def send_all(destination):
    Delivery.objects.filter(kind="street_report").update(next_attempt_at=Now())
    while claimed := delivering.claim(destination.pk):
        delivering.carry(claimed)


def test_polling_and_pushing_together_give_each_update_once(reports):
    destination = reports[0].delivery.destination
    send_all(destination)
    # The first pushes are refused, and come again until they are taken.
    Destination.objects.filter(pk=destination.pk).update(webhook_secret=SECRET)

    def all_fixed():
        bring_news(Destination.objects.get(pk=destination.pk))
        hand_on(destination.pk)
        return Report.objects.filter(status=Status.FIXED).count() == 3

    eventually(all_fixed)
    assert InboundUpdate.objects.count() == Update.objects.count() == 9
    assert set(InboundUpdate.objects.values_list("state", flat=True)) == {"applied"}
    assert Delivery.objects.filter(kind="email").count() == 9


def test_pushing_alone_is_enough(reports):
    destination = reports[0].delivery.destination
    send_all(destination)
    Destination.objects.filter(pk=destination.pk).update(webhook_secret=SECRET)

    def all_fixed():
        hand_on(destination.pk)
        return Report.objects.filter(status=Status.FIXED).count() == 3

    eventually(all_fixed)
    assert set(InboundUpdate.objects.values_list("way", flat=True)) == {"webhook"}
    assert InboundUpdate.objects.count() == 9


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_???"])
def test_office_that_cannot_sign_says_so_and_ends(secret, tmp_path):
    command = [sys.executable, "-m", "stockport.demo.backoffice", "--port", "0"]
    command += ["--folder", str(tmp_path), "--webhook", "http://127.0.0.1:9/"]
    done = subprocess.run(
        [*command, f"--webhook-secret={secret}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("--webhook needs a --webhook-secret")
