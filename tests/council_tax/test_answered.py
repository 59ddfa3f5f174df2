"""A request goes to the revenues team's queue in the demo back office; its answer comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Resident
from council_tax.models import Request
from stockport.demo.queues import open_queue
from stockport.outbox import delivering
from stockport.outbox.inbound.applying import hand_on
from stockport.outbox.models import Destination, InboundUpdate
from tests.backoffice import BackOffice, running_backoffice
from tests.client import PortalClient
from tests.factories.council_tax import household

pytestmark = pytest.mark.slow
PATIENCE = 30  # seconds


@pytest.fixture
def office(live_server: Any) -> Iterator[BackOffice]:
    answers = ("--answers", "council_tax_request", f"{live_server.url}/webhooks/revenues/")
    secret = ("--webhook-secret", settings.DEMO_WEBHOOK_SECRET)
    with running_backoffice("--pace", "1", *answers, *secret) as office:
        yield office


@pytest.fixture
def revenues(office: BackOffice, settings: Any) -> Destination:
    """As the demo opens it."""
    settings.DEMO_BACKOFFICE_URL = office.url
    open_queue("revenues", "revenues team")
    return Destination.objects.get(slug="revenues")


def hear_until_done(destination: Destination) -> None:
    """News comes by itself, and a worker hands it on."""
    end = time.monotonic() + PATIENCE
    while not Request.objects.filter(status="done").exists():
        assert time.monotonic() < end, list(InboundUpdate.objects.values())
        hand_on(destination.pk)
        time.sleep(0.05)


def test_resident_asks_and_sees_what_the_revenues_team_makes_of_it(
    revenues: Destination, office: BackOffice, portal: PortalClient, resident: Resident
) -> None:
    account = household(resident).get_absolute_url()
    portal.sign_in(resident)
    at = portal.get("/council-tax/ask/").url.rsplit("/", 2)[0]
    for page, typed in (("what", {"kind": "paperless"}), ("paperless", {"bills": "online"})):
        portal.post(f"{at}/{page}/", typed)
    portal.post(f"{at}/check/")
    asked = Request.objects.get()
    assert "on its way to the revenues team" in portal.get(account).page.text("main")

    claimed = delivering.claim(revenues.pk)
    assert claimed
    delivering.carry(claimed)
    [message] = office.ledger()["messages"]
    assert message["data"]["reference"] == asked.reference
    assert message["data"]["answers"] == {"bills": "online"}

    hear_until_done(revenues)
    assert "The revenues team has dealt with it" in portal.get(account).page.text("main")
    assert "We have done what you asked." in portal.get(asked.get_absolute_url()).page.text("main")
    asked.delivery.refresh_from_db()
    assert asked.delivery.remote_reference in portal.get(asked.get_absolute_url()).page.text("main")
    news = InboundUpdate.objects.order_by("updated_at").values_list("status", "state", "way")
    assert list(news) == [(said, "applied", "webhook") for said in ("accepted", "done")]
