"""A browser says what it refused to run: one line in the log, which names nobody."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.snapshot import nothing_changes

pytestmark = pytest.mark.django_db
ADDRESS = reverse("policy_report")
OLD, NEW = "application/csp-report", "application/reports+json"
PAGE = "https://my.stockport.gov.uk/council-tax/5020000001/?q=ada@example.org"
STOPPED = {
    "document-uri": PAGE,
    "referrer": PAGE,
    "violated-directive": "script-src-elem",
    "blocked-uri": "https://evil.example/ada@example.org.js?5020000001",
    "source-file": "https://my.stockport.gov.uk/static/build/portal.js",
    "script-sample": "ada@example.org",
}
SAID = {
    "directive": "script-src-elem",
    "blocked": "https://evil.example",
    "page": "council_tax:account",
    "source": "/static/build/portal.js",
}


def newer(**values: str) -> list[dict[str, Any]]:
    """The same in the form of the Reporting API, after something that is no violation."""
    names = {
        "effectiveDirective": "violated-directive",
        "blockedURL": "blocked-uri",
        "documentURL": "document-uri",
        "sourceFile": "source-file",
    }
    body = {new: STOPPED[old] for new, old in names.items()} | values
    report = {"type": "csp-violation", "url": PAGE, "user_agent": "Ada’s phone", "body": body}
    return [{"type": "deprecation", "body": {}}, report]


@pytest.fixture
def send(caplog: pytest.LogCaptureFixture) -> Any:
    """Send a report: the status, and what was logged of it."""
    client = Client(enforce_csrf_checks=True)

    def sent(body: object, kind: str = OLD) -> tuple[int, list[dict[str, str]]]:
        caplog.clear()
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        with nothing_changes(), caplog.at_level(logging.INFO):
            answer = client.post(ADDRESS, data, content_type=kind)
        assert "ada@" not in caplog.text and "5020000001" not in caplog.text
        events = [line.msg for line in caplog.records if isinstance(line.msg, dict)]
        return answer.status_code, [
            {name: event[name] for name in SAID}
            for event in events
            if event["event"] == "policy_violation"
        ]

    return sent


@pytest.mark.parametrize(("body", "kind"), [({"csp-report": STOPPED}, OLD), (newer(), NEW)])
def test_report_becomes_a_line_without_an_address(send: Any, body: object, kind: str) -> None:
    assert send(body, kind) == (204, [SAID])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"blockedURL": "inline"}, {"blocked": "inline"}),
        ({"blockedURL": ""}, {"blocked": "://"}),
        ({"documentURL": "https://my.stockport.gov.uk/no/such/page"}, {"page": "unknown"}),
        ({"effectiveDirective": "ada's"}, {"directive": "other"}),
        ({"sourceFile": "https://a.example/x.js"}, {"source": "https://a.example"}),
    ],
)
def test_nothing_that_could_name_somebody_gets_through(
    send: Any, values: dict[str, str], said: dict[str, str]
) -> None:
    assert send(newer(**values), NEW) == (204, [SAID | said])


def test_what_an_extension_of_the_browser_did_is_left_out(send: Any) -> None:
    assert send(newer(sourceFile="moz-extension://1234/ada.js"), NEW) == (204, [])


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b" " * 17_000, OLD, 413),
        (b"not json", OLD, 400),
        (b"\xff", OLD, 400),
        (b"{}", OLD, 400),
        (b"[1]", NEW, 400),
        (b'{"csp-report": 1}', OLD, 400),
        (b'{"csp-report": {"blocked-uri": "http://[x"}}', OLD, 400),
        (b"[" * 16_000, NEW, 400),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_report_is_refused(send: Any, body: bytes, kind: str, status: int) -> None:
    assert send(body, kind) == (status, [])


def test_many_in_one_message_are_ten_lines(send: Any) -> None:
    status, lines = send(newer() * 20, NEW)
    assert (status, len(lines)) == (204, 10)


def test_more_than_the_log_should_have_are_not_read(send: Any, settings: Settings) -> None:
    settings.POLICY_REPORTS_A_MINUTE = 2
    assert [send({"csp-report": STOPPED})[0] for _ in range(4)] == [204, 204, 429, 429]


def test_nobody_reads_anything_there(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 405
