"""Scanners find what was planted for them, and nothing in the portal."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Resident
from tests.estate import Estate, verified_sign_in
from tests.journeys.sweep import staff
from tests.journeys.sweep.pages import Reader
from tests.scans.scanners import Visit, install, sqlmap, wapiti

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
# What signs a scanner out when it tries a form.
ENDS = ("account_logout", "accounts:close", "accounts:devices", "accounts:done", "admin:logout")
HOLES = ("/holes/search/?q=accounts", "/holes/echo/?said=hello")
ASKED = (
    "/open311/v2/requests.json?service_request_id=SL-0000-0001",
    "/open311/v2/requests.json?service_code=light-out&status=open&page=1&page_size=10",
    "/open311/v2/requests.json?updated_after=2026-11-01T00:00:00Z",
    "/open311/v2/servicerequestupdates.json?start_date=2026-11-01T00:00:00Z&api_key=x",
    "/street-reports/assets.geojson?kind=street_light&zoom=17&box=-2.17,53.40,-2.15,53.42",
)
SEARCHED = ("accounts_resident", "street_reports_report", "appointments_appointment")
# Django's own pages of records, which each page of staff links to.
OF_RECORDS = ("*/change/", "*/add/", "*/history/", "*/delete/", "*/?")


@pytest.fixture(scope="session", autouse=True)
def scanners() -> None:
    """The programs; without them the test is skipped, and in CI it fails."""
    try:
        install()
    except CalledProcessError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("The scanners cannot be installed here.")


@pytest.fixture
def site(django_db_serialized_rollback: None, live_server: LiveServer) -> Iterator[str]:
    """Where the scanners look; what migrations wrote is kept. Nobody reads so long a log."""
    logging.disable()
    yield str(live_server.url)
    logging.disable(logging.NOTSET)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def visit(site: str, reader: Reader, tmp_path: Path) -> Visit:
    """With the reader's session."""
    return Visit(site, reader.cookies, [reverse(name) for name in ENDS], tmp_path)


@pytest.mark.urls("tests.scans.holes")
def test_planted_holes_are_found(visit: Visit, reader: Reader, resident: Resident) -> None:
    verified_sign_in(reader, resident)
    assert set(wapiti(visit, ["/holes/"])) == {
        "Open Redirect: GET /holes/away/ next",
        "Reflected Cross Site Scripting: GET /holes/echo/ said",
        "Reflected Cross Site Scripting: POST /holes/kept/ note",
        "Stored Cross Site Scripting: POST /holes/kept/ note",
        "SQL Injection: GET /holes/search/ q",
    }
    assert sqlmap(visit, HOLES) == ["/holes/search/?q=accounts q"]


def test_visitors_pages_have_no_holes(visit: Visit, resident: Resident) -> None:
    estate = Estate(resident)
    assert wapiti(visit, [str(page) for page in (*estate.plain, *estate.shared)]) == []


def test_residents_pages_have_no_holes(visit: Visit, reader: Reader, resident: Resident) -> None:
    estate = Estate(resident)
    estate.sign_in(reader)
    assert wapiti(visit, [str(page) for page in estate.pages]) == []
    assert reader.get(reverse("home:dashboard")).status_code == 200


def test_pages_of_staff_have_no_holes(
    visit: Visit, reader: Reader, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin.site, "enable_nav_sidebar", False)
    own = [page for page in staff.clerk(reader, resident) if "/do/" in page or "/calls/" in page]
    assert wapiti(replace(visit, untouched=[*visit.untouched, *OF_RECORDS]), own) == []
    assert reader.get(staff.INDEX).status_code == 200


def test_database_answers_no_question_but_ours(
    visit: Visit, reader: Reader, resident: Resident
) -> None:
    Estate(resident)
    staff.sign_in(reader)
    lists = [f"{reverse(f'admin:{name}_changelist')}?q=ada" for name in SEARCHED]
    assert sqlmap(visit, [*ASKED, *lists]) == []
    assert reader.get(staff.INDEX).status_code == 200
