"""No address that a visitor names is ever called: not by a page, nor by what is sent from it.

A listener on this machine stands for what is behind the council's firewall. Its address is typed
into every field, asked for in every address and header, and sent to every machine's door.
"""

from __future__ import annotations

import ast
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stockport.outbox import delivering
from stockport.outbox.connectors import connector_for
from stockport.outbox.inbound.applying import hand_on
from stockport.outbox.inbound.signature import key_of, sign
from stockport.outbox.models import Delivery
from tests.client import PortalClient
from tests.estate import Estate
from tests.factories.outbox import DestinationFactory
from tests.factories.street_reports import ApiKeyFactory, AssetFactory, ReportFactory
from tests.factories.street_reports import DestinationFactory as TeamFactory
from tests.outbox.test_webhook import SECRET, UPDATE
from tests.sent_form import undone
from tests.stockport.test_policy_reports import OLD, STOPPED
from tests.street_reports.open311.conftest import App
from tests.test_architecture import ROOT, SOURCES
from tests.test_hostile_forms import every_form
from tests.test_marks import walk

# Every module that can open a connection, and to where. A new one is asked about here first.
CALLERS = {
    "stockport/http.py": "what staff or settings name: Destination.endpoint, CIVICA_URL",
    "stockport/time_limit.py": "what http.py calls, with an end",
    "stockport/scanning.py": "CLAMD_ADDRESS",
    "stockport/outbox/connectors/email.py": "EMAIL_HOST; only its errors are imported",
    "accounts/elsewhere.py": "OIDC_ISSUER, by allauth; only its errors are imported",
    "stockport/embedded/server.py": "the PostgreSQL of this machine",
    "stockport/demo/backoffice/push.py": "the demo back office, a process of its own",
    "stockport/demo/backoffice/server.py": "the same, which is called",
    "stockport/run/prepare.py": "whether a port of this machine is free",
    "stockport/run/__main__.py": "the portal that `make run` starts",
}
CAN_CALL = {
    *("requests", "urllib3", "httpx", "aiohttp", "socket", "ssl", "asyncio", "http.client"),
    *("urllib.request", "smtplib", "ftplib", "imaplib", "poplib", "telnetlib", "xmlrpc.client"),
    *("socketserver", "webbrowser"),
}
HEADERS = ("Referer", "Origin", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded")
HEADERS += ("From", "X-Original-URL", "X-Callback-URL", "Accept-Language", "X-Request-ID")
CHOSEN = ("radio", "checkbox", "select", "file", "password")
NAMES = ("next", "url", "uri", "q", "media_url", "callback", "redirect_uri", "feed", "page", "from")


class Listener:
    """Something that nobody should ever call."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        server.setblocking(False)
        self.at = f"127.0.0.1:{server.getsockname()[1]}"
        self.url = f"http://{self.at}/photo.jpg"

    def was_called(self) -> bool:
        """Whether anybody has connected since the last time, by whatever means."""
        called = False
        with suppress(BlockingIOError):
            while True:
                self._server.accept()[0].close()
                called = True
        return called


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield Listener(server)


@pytest.fixture
def app(db: None) -> App:
    ApiKeyFactory()
    return App()


@pytest.fixture
def sent(db: None) -> dict[str, str]:
    """The fields of an app's report of a light."""
    TeamFactory()
    light = AssetFactory.create(feature_id="014")
    return {"service_code": "light-out", "attribute[central_asset_id]": light.central_asset_id}


def send(deliveries: list[Delivery]) -> None:
    """What workers do with them."""
    for delivery in deliveries:
        delivering.call(connector_for(delivery.destination), delivery)


def imported(path: Path) -> set[str]:
    """The modules that a file imports, each with what it is part of."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names | {name.partition(".")[0] for name in names}


def test_only_these_modules_can_open_a_connection() -> None:
    found = {str(path.relative_to(ROOT)) for path in SOURCES if imported(path) & CAN_CALL}
    assert found == set(CALLERS)


def test_listener_notices_who_calls(listener: Listener) -> None:
    assert not listener.was_called()
    with socket.create_connection(("127.0.0.1", int(listener.at.rpartition(":")[2]))):
        assert listener.was_called()
    assert not listener.was_called()


def test_address_in_a_form_is_not_called(
    estate: Estate, portal: PortalClient, listener: Listener
) -> None:
    called = []
    for form in every_form(estate, portal):
        written = [name for name, kind in form.fields.items() if kind not in CHOSEN]
        for names in [*([name] for name in written), [*form.fields, "media_url"]]:
            with undone(form.portal):
                form.send(**dict.fromkeys(names, listener.url))
            if listener.was_called():
                called.append(f"{form.url} {names}")
    assert not called


def test_address_that_is_sent_on_to_the_council_is_not_called(
    estate: Estate, portal: PortalClient, listener: Listener
) -> None:
    walk(portal, estate, typed=listener.url)
    telling = [each for each in Delivery.objects.all() if listener.url in str(each.payload)]
    assert {"benefits_request", "email", "street_report"} == {t.kind for t in telling}
    send(telling)
    assert not listener.was_called()


def test_address_in_a_question_or_a_header_is_not_called(
    estate: Estate, portal: PortalClient, listener: Listener
) -> None:
    estate.sign_in(portal)
    query, headers = dict.fromkeys(NAMES, listener.url), dict.fromkeys(HEADERS, listener.url)
    for client in (portal, PortalClient()):
        for page in estate.routes:
            with undone(client):
                b"".join(client.get(str(page), query, headers=headers))
            assert not listener.was_called(), page


def test_address_in_an_apps_report_is_for_staff_to_read_and_not_called(
    app: App, sent: dict[str, str], listener: Listener
) -> None:
    words = dict.fromkeys(("media_url", "description", "first_name"), listener.url)
    report = app.report(sent | words)
    sending = Delivery.objects.get(kind="street_report")
    assert f"not checked by us): {listener.url}" in sending.payload["description"]
    send([sending])
    number = report["service_request_id"]
    app.post("servicerequestupdates.json", words | {"service_request_id": number})
    assert not listener.was_called()


@pytest.mark.django_db
def test_address_in_news_or_in_a_browsers_report_is_not_called(listener: Listener) -> None:
    destination = DestinationFactory.create(slug="highways", webhook_secret=SECRET)
    report = ReportFactory.create(delivery__destination=destination)
    Delivery.objects.filter(pk=report.delivery_id).update(
        remote_reference=UPDATE["service_request_id"]
    )
    news = UPDATE | dict.fromkeys(("description", "media_url", "url"), listener.url)
    assert push_to("highways", news).status_code == 200
    hand_on(destination.pk)
    assert listener.url in str(list(report.updates.values()))
    body = json.dumps({"csp-report": dict.fromkeys(STOPPED, listener.url)})
    seen = Client().post(reverse("policy_report"), body, content_type=OLD)
    assert seen.status_code == 204
    assert not listener.was_called()


def push_to(slug: str, news: dict[str, str]) -> Any:
    """What the portal answers to signed news."""
    raw, at = json.dumps(news).encode(), str(int(time.time()))
    signed = {"webhook-id": "m1", "webhook-timestamp": at}
    signed["webhook-signature"] = sign(key_of(SECRET), "m1", at, raw).decode()
    address = reverse("webhooks:webhook", args=[slug])
    return Client().post(address, raw, content_type="application/json", headers=signed)
