"""“Is it fixed?” No; it is mended again. Is it fixed? Yes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Resident
from street_reports.models import Report
from street_reports.progress import apply_update
from tests.factories.street_reports import FollowerFactory, ReportFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def seen(visitor: Visitor, name: str) -> None:
    """Audit the page, and keep a picture where one is asked for."""
    visitor.audit()
    if SCREENSHOTS:
        path = (
            Path(SCREENSHOTS)
            / f"fixed-{(visitor.page.viewport_size or {}).get('width')}-{name}.png"
        )
        visitor.page.screenshot(path=path, full_page=True)


def mend(report: Report, update_id: str) -> None:
    """The team says that it is fixed."""
    now = timezone.now()
    text = "We replaced the lamp."
    apply_update(report=report, update_id=update_id, status="fixed", text=text, updated_at=now)


def story(visitor: Visitor, resident: Resident, report: Report) -> None:
    visitor.sign_in(resident)
    mend(report, "U1")
    visitor.visit(report.get_absolute_url())
    seen(visitor, "asked")
    visitor.press("No, it is not fixed")
    assert visitor.heading == "It is not fixed"
    visitor.page.get_by_role("textbox").fill("It goes on and off.")
    seen(visitor, "no")
    visitor.press("It is not fixed")
    assert "It goes on and off." in visitor.page.locator(".portal-timeline").inner_text()
    seen(visitor, "reopened")
    mend(report, "U2")
    visitor.visit(report.question_url)
    assert visitor.heading == "Is it fixed?"
    visitor.press("Continue")
    seen(visitor, "error")
    visitor.page.get_by_role("radio", name="Yes, it is fixed").check()
    visitor.press("Continue")
    seen(visitor, "yes")
    timeline = visitor.page.locator(".portal-timeline").inner_text()
    words = ("Fixed", "Not fixed, says", "Fixed, says")
    assert [timeline.index(step) for step in words] == sorted(map(timeline.index, words))
    assert visitor.page.get_by_role("heading", name="Is it fixed?").count() == 0


def test_reporter_says_no_and_then_yes_on_a_phone(phone: Visitor, resident: Resident) -> None:
    story(phone, resident, ReportFactory(resident=resident))


def test_follower_says_no_and_then_yes_without_scripts(plain: Visitor, resident: Resident) -> None:
    report = ReportFactory(asset=None, location="By my house", postcode="SK3 8UD")
    FollowerFactory(report=report, resident=resident)
    story(plain, resident, report)
