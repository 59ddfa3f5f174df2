"""The queue and a report's page in a real browser: at a desk, on a phone, and without scripts."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from street_reports.models import Act, Report
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    AssetFactory,
    DestinationFactory,
    FollowerFactory,
    ReportFactory,
    UpdateFactory,
)
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
METRE = 1 / 111_320  # of latitude, in degrees


def keep_picture(visitor: Visitor, name: str) -> None:
    if SCREENSHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        scripts = "" if visitor.scripts else "-plain"
        path = Path(SCREENSHOTS) / f"staff-reports-{width}{scripts}-{name}.png"
        visitor.page.screenshot(path=path, full_page=True)


def go(staff: Visitor, path: str) -> None:
    """Open a page of the admin, whose frame is Django's own: only what it says is looked at."""
    staff.page.goto(staff.site + path)


def follow(staff: Visitor, text: str) -> None:
    with staff.page.expect_navigation():
        staff.page.get_by_role("link", name=text, exact=True).click()


def without_icon(staff: Visitor) -> None:
    """The admin has no icon, which the browser says once; nothing else may go wrong."""
    [fault] = [fault for fault in staff.faults if "404" in fault] or [""]
    staff.faults = [other for other in staff.faults if other != fault]


def street() -> Report:
    """A late report of a light among others, with two more open ones on the street."""
    today = timezone.localdate()
    grids = DestinationFactory.create(slug="highways-drainage", name="drainage team")
    lights = [
        AssetFactory.create(latitude=53.4 + 30 * number * METRE, feature_id=f"{number + 1:03}")
        for number in range(-3, 7)
    ]
    report = ReportFactory.create(
        asset=lights[3],
        latitude=53.4,
        longitude=-2.16,
        due_on=today - timedelta(days=12),
        delivery__state="sent",
        delivery__sent_at=timezone.now(),
        delivery__remote_reference="101000482",
    )
    now = timezone.now()
    report.delivery.attempts.create(number=1, outcome="retry", status_code=503, finished_at=now)
    report.delivery.attempts.create(number=2, outcome="sent", status_code=201, finished_at=now)
    UpdateFactory.create(report=report, text="An engineer will look at it on Friday.")
    FollowerFactory.create(report=report, information="The whole corner is dark.")
    Act.objects.create(report=report, resident=report.resident, kind="add", text="It buzzes.")
    for number, days in [(60, 3), (150, None)]:
        due_on = today + timedelta(days=days) if days else None
        ReportFactory.create(
            asset=None,
            location=f"Grid {number} metres up Ashfield Road, outside the chemist’s",
            kind="grid",
            latitude=53.4 + number * METRE,
            longitude=-2.16,
            due_on=due_on,
            delivery__destination=grids,
        )
    return report


def test_staff_work_through_the_queue_at_a_desk(visitor: Visitor) -> None:
    report = street()
    visitor.sign_in(ResidentFactory.create(staff=True))
    go(visitor, "/admin/street_reports/report/")
    keep_picture(visitor, "queue")
    assert visitor.page.locator("#result_list tbody tr").count() == 3
    follow(visitor, "1 overdue of the street lighting team")
    assert visitor.page.locator("#result_list tbody tr").count() == 1
    follow(visitor, report.reference)
    status = visitor.page.locator("[data-report-map] [role=status]")
    status.get_by_text("10 on this map").wait_for()
    assert visitor.page.locator(".portal-map__asset").count() == 9  # without the report's own
    assert visitor.page.locator(".portal-map__cluster").all_inner_texts() == ["1", "2"]
    assert visitor.page.locator(".portal-map__mark").inner_text() == "001"
    keep_picture(visitor, "report")
    with visitor.page.expect_navigation():
        visitor.page.locator(".portal-map__cluster").first.click()
    assert "60 metres up" in visitor.page.locator("main").inner_text()
    without_icon(visitor)


def test_staff_take_out_what_the_list_shows(visitor: Visitor) -> None:
    street()
    visitor.sign_in(ResidentFactory.create(staff=True))
    go(visitor, "/admin/street_reports/report/?target=overdue")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Export as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith("reference,")
    assert len(text.splitlines()) == 2  # the headings, and the one that is late
    go(visitor, "/admin/street_reports/export/")
    keep_picture(visitor, "exports")
    assert "target=overdue" in visitor.page.locator("#result_list").inner_text()
    without_icon(visitor)


def test_the_pages_are_whole_on_a_phone(phone: Visitor) -> None:
    look(phone)


def test_the_pages_are_whole_without_scripts(plain: Visitor) -> None:
    look(plain)


def look(staff: Visitor) -> None:
    report = street()
    staff.sign_in(ResidentFactory.create(staff=True))
    go(staff, "/admin/street_reports/report/")
    keep_picture(staff, "queue")
    go(staff, f"/admin/street_reports/report/{report.pk}/change/")
    if staff.scripts:
        staff.page.get_by_text("10 on this map").wait_for()
    keep_picture(staff, "report")
    words = staff.page.locator("main").inner_text()
    for word in ("53.400000, -2.160000", "38400123", "60 metres", "It buzzes.", "try 2: Sent"):
        assert word in words
    assert staff.page.locator("[data-report-map]").is_visible() == staff.scripts
    without_icon(staff)
