"""Somebody without an account, on a phone without scripts, reports a light and stops e-mails."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail

from accounts.models import Resident
from stockport.outbox.tasks import drain
from street_reports.models import FaultType, Report
from street_reports.progress import apply_update
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.factories.street_reports import AssetFactory, DestinationFactory, ReportFactory
from tests.journeys.audit import resize
from tests.journeys.conftest import PHONE
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
EMAIL = "ada@example.org"


def seen(visitor: Visitor, name: str) -> None:
    """Audit the page, and keep a picture where one is asked for."""
    visitor.audit()
    if SCREENSHOTS:
        size = visitor.page.viewport_size or {}
        picture = f"{name}-{size.get('width')}.png"
        visitor.page.screenshot(path=Path(SCREENSHOTS) / picture, full_page=True)


def answer(visitor: Visitor, label: str) -> None:
    visitor.page.get_by_role("radio", name=label).first.check()
    visitor.press("Continue")


def to_the_fault(visitor: Visitor) -> None:
    """Answer the pages up to what is wrong."""
    for label in ("Street light", "No", "None of these"):
        answer(visitor, label)
    visitor.page.get_by_role("textbox").first.fill("Ashfield Road")
    visitor.press("Continue")
    visitor.page.get_by_role("radio").first.check()
    visitor.press("Continue")


def begin(visitor: Visitor) -> None:
    visitor.visit("/street-reports/")
    seen(visitor, "without-ways")
    visitor.start("Report without an account")
    to_the_fault(visitor)


def give_address(visitor: Visitor, name: str) -> None:
    visitor.fill("What is your e-mail address?", EMAIL)
    if visitor.page.get_by_role("radio").count():
        visitor.page.get_by_role("radio", name="Yes").check()
    seen(visitor, f"{name}-address")
    visitor.press("Continue")
    assert visitor.heading == "Check your answers"
    seen(visitor, f"{name}-check")
    visitor.press("Send me the link")
    assert visitor.heading == "Check your e-mail"
    seen(visitor, f"{name}-asked")


def links_in_the_last_mail(post: int) -> list[str]:
    """The paths of the links, once the worker has sent what waits."""
    drain(post)
    message = mail.outbox[-1]
    assert message.to == [EMAIL]
    return re.findall(r"https?://[^/\s]+(/\S+)", message.body)


@pytest.fixture
def post(address: str) -> int:
    """The destination of e-mails."""
    mail.outbox.clear()
    return DestinationFactory(slug="email").pk


def go_through(visitor: Visitor, post: int) -> None:
    DestinationFactory()
    AssetFactory()
    begin(visitor)
    answer(visitor, "It is not working")
    visitor.page.get_by_label("Is there anything else that helps us?").fill("Since Monday.")
    visitor.press("Continue")
    give_address(visitor, "without")
    [link] = links_in_the_last_mail(post)
    visitor.visit(link)
    assert visitor.heading == "Confirm your report"
    seen(visitor, "without-confirm")
    visitor.press("Confirm and send")
    report = Report.objects.get()
    assert visitor.heading == f"Report {report.reference}"
    seen(visitor, "without-report")
    visitor.visit(link)
    assert visitor.heading == f"Report {report.reference}"
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    apply_update(report=report, update_id="U1", status="planned", text="", updated_at=noon)
    page, stop = links_in_the_last_mail(post)
    visitor.visit(page)
    assert "Work is planned" in visitor.page.locator(".portal-timeline").inner_text()
    visitor.visit(stop)
    seen(visitor, "without-stop")
    visitor.press("Stop e-mails")
    seen(visitor, "without-stopped")
    assert not report.contacts.get().wants_updates


def test_light_is_reported_without_scripts(plain: Visitor, post: int) -> None:
    resize(plain.page, PHONE)
    go_through(plain, post)


def test_light_is_reported_on_a_phone(phone: Visitor, post: int) -> None:
    go_through(phone, post)


def test_duplicate_is_met_and_followed_by_e_mail(plain: Visitor, post: int) -> None:
    DestinationFactory()
    report = ReportFactory(asset=AssetFactory(), description="Private words")
    resize(plain.page, PHONE)
    begin(plain)
    answer(plain, "It is not working")
    assert plain.heading == "This has already been reported"
    plain.page.get_by_role("textbox").first.fill("It sparks.")
    plain.page.get_by_role("radio", name="Yes").check()
    seen(plain, "without-reported")
    plain.press("Continue")
    give_address(plain, "without-follow")
    plain.visit(links_in_the_last_mail(post)[0])
    seen(plain, "without-follow-confirm")
    plain.press("Confirm and send")
    assert plain.heading == f"Report {report.reference}"
    assert "Private words" not in plain.page.content()
    seen(plain, "without-follow-report")


def test_urgent_fault_leads_to_the_phone_or_to_signing_in(
    plain: Visitor, resident: Resident, post: int
) -> None:
    FaultType.objects.filter(code="light-out").update(is_urgent=True)
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    AssetFactory()
    resize(plain.page, PHONE)
    begin(plain)
    answer(plain, "It is not working")
    assert plain.heading == "We need to know about this at once"
    seen(plain, "without-urgent")
    plain.follow("Sign in and go on with this report")
    plain.fill("E-mail address", resident.email)
    plain.fill("Password", PASSWORD)
    plain.press("Sign in")
    assert plain.heading == "A few more questions"


def test_staff_take_a_call(visitor: Visitor, post: int) -> None:
    DestinationFactory()
    AssetFactory()
    visitor.sign_in(ResidentFactory(staff=True))
    visitor.page.goto(f"{visitor.site}/admin/street_reports/report/")
    if SCREENSHOTS:
        visitor.page.screenshot(path=Path(SCREENSHOTS) / "call-list.png")
    visitor.page.get_by_role("link", name="Report for a caller").click()
    visitor.faults.clear()  # the admin is Django's
    seen(visitor, "call-kind")
    to_the_fault(visitor)
    answer(visitor, "It is not working")
    visitor.press("Continue")
    visitor.fill("The caller’s e-mail address (optional)", EMAIL)
    visitor.choose("The caller wants e-mails about what happens")
    seen(visitor, "call-caller")
    visitor.press("Continue")
    seen(visitor, "call-check")
    visitor.press("Confirm and send")
    assert visitor.heading == "Report for a caller received"
    seen(visitor, "call-taken")
