"""Pages of other sites show our lists and photos, and are told the same whoever's browser asks."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.sessions import SEEN, STARTED
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import PhotoFactory, ReportFactory, UpdateFactory
from tests.street_reports.open311.conftest import BASE, KEY

OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
ITS_OWN = {"X-Request-ID", "Content-Security-Policy"}  # the policy has a number used once


@pytest.fixture
def paths(app):
    """One of each kind of address."""
    report = ReportFactory()
    UpdateFactory(report=report)
    photo = PhotoFactory(report=report, position=1, approved_at=timezone.now())
    return [
        *("discovery.json", "services.xml", "services/light-out.json", "requests.json"),
        *(f"requests/{report.reference}.xml", f"photos/{photo.public_id}.jpg", "none"),
        *(f"servicerequestupdates.json?api_key={KEY}", "tokens/none.xml", "requests.json?page=0"),
    ]


def told(client, path, method="get"):
    """What a browser is told, without what no two answers have in common."""
    answer = getattr(client, method)(f"{BASE}{path}")
    headers = {name: value for name, value in answer.items() if name not in ITS_OWN}
    return answer.status_code, headers, b"".join(answer), dict(answer.cookies)


@pytest.mark.parametrize("method", ["get", "head"])
def test_page_of_another_site_may_show_whatever_is_read(app, paths, method):
    for path in paths:
        _, headers, _, _ = told(app.client, path, method)
        assert headers.items() >= OPEN.items(), path


def test_list_that_has_not_changed_may_be_shown_again(app):
    tag = app.get("requests.json").headers["ETag"]
    again = app.client.get(f"{BASE}requests.json", headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.headers.items() >= OPEN.items()


@pytest.mark.parametrize("who", ["resident", "staff", "somebody idle for too long"])
def test_session_changes_no_answer_and_no_answer_changes_a_session(app, portal, paths, who):
    portal.sign_in(ResidentFactory(staff=who == "staff", is_superuser=who == "staff"))
    if "idle" in who:
        session = portal.session
        session[STARTED] = session[SEEN] = 0
        session.save()
    before = dict(portal.session)
    with CaptureQueriesContext(connection) as asked:
        for path in paths:
            for method in ("get", "post"):
                assert told(portal, path, method) == told(app.client, path, method), path
    assert not [query for query in asked.captured_queries if "session" in query["sql"]]
    assert dict(portal.session) == before
