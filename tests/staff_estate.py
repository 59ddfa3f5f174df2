"""One of everything that staff find in the admin and that no resident has a page about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import chain, failing
from accounts.models import AuditEvent, FailedSignIn, LetterPin, LinkAttempt, LinkRequest
from appointments.models import Appointment, BankHoliday, Postcode, SentReminder
from stockport.feeds.models import FeedRun, Quarantine
from stockport.outbox.models import MorningMail
from street_reports.models import Export
from tests.factories.appointments import ClosureFactory, ExtraOpeningFactory, WaitingFactory
from tests.factories.benefits import OpeningFactory, OverpaymentFactory
from tests.factories.council_tax import OpeningFactory as BillOpeningFactory
from tests.factories.council_tax import person_of
from tests.factories.outbox import InboundUpdateFactory
from tests.factories.street_reports import ApiKeyFactory

if TYPE_CHECKING:
    from accounts.models import Resident

HASH = "0" * 64


def fill(resident: Resident) -> None:
    """Add them to the resident's Estate (tests/estate.py)."""
    for factory in (
        *(ApiKeyFactory, ClosureFactory, ExtraOpeningFactory, InboundUpdateFactory),
        *(BillOpeningFactory, OpeningFactory, OverpaymentFactory, WaitingFactory),
    ):
        factory.create()
    now = timezone.now()
    _of_linking(resident)
    run = FeedRun.objects.create(source="revenues", extracted_at=now, kind="full")
    Quarantine.objects.create(source="revenues", table="accounts", key="5020000009", run=run)
    MorningMail.objects.create(day=now.date())
    Export.objects.create(by=resident)
    BankHoliday.objects.create(date=date(2031, 12, 25), title="Christmas Day")
    Postcode.objects.create(code="SK8 1AA", latitude="53.394", longitude="-2.221")
    booked = Appointment.objects.get(resident=resident, status="booked")
    SentReminder.objects.create(appointment=booked, starts_at=booked.starts_at, hours=24)


def _of_linking(resident: Resident) -> None:
    AuditEvent.objects.create(kind="link_made", resident=resident)
    failing.count(resident.email, FailedSignIn.Kind.PASSWORD)
    chain.seal(timezone.now())
    LinkRequest.objects.create(resident=resident, service="council-tax")
    LinkAttempt.objects.create(resident=resident, target=HASH, address=HASH, way="key")
    later = timezone.now() + timedelta(days=28)
    LetterPin.objects.create(
        resident=resident, person=person_of(resident), pin=HASH, expires_at=later
    )
