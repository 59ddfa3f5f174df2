"""Reports of a demo resident, for the worker to send to the demo back office."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings

from accounts.models import Resident
from stockport.outbox.models import Destination
from street_reports.actions import Place, submit_report
from street_reports.models import ApiKey, Asset, FaultType, Report
from street_reports.rules import TEAMS

RESIDENT = "reports@example.org"
NAMES = {"street-lighting": "lighting team", "highways-drainage": "drainage team"}
REPORTS = (
    ("light-out", "It has been off since the weekend."),
    ("grid-blocked", "Full of leaves. The pavement floods when it rains."),
    ("light-flickering", ""),
)


def seed(today: date) -> None:
    """Both teams as destinations, a key for apps, and three reports unless there are some."""
    for team in TEAMS.values():
        # The back office moves with PORT.
        where = {
            "endpoint": settings.DEMO_BACKOFFICE_URL,
            "api_key": settings.DEMO_BACKOFFICE_KEY,
        }
        what = {"name": NAMES[team.destination], "connector": Destination.Connector.OPEN311}
        Destination.objects.update_or_create(
            slug=team.destination, defaults=where, create_defaults=what | where
        )
    open_to_apps()
    resident = Resident.objects.filter(email=RESIDENT).first()
    if resident and not Report.objects.for_resident(resident).exists():
        for code, description in REPORTS:
            _report(resident, FaultType.objects.get(code=code), description)


def open_to_apps() -> None:
    """A key for whoever tries our Open311 server; `make run` prints it."""
    key = ApiKey(owner="A demo app", contact="app@example.org")
    key.set_key(settings.DEMO_OPEN311_KEY)
    if key.prefix and not ApiKey.objects.filter(prefix=key.prefix).exists():
        key.save()


def _report(resident: Resident, fault: FaultType, description: str) -> None:
    """Reported of the first asset of its kind that nobody has reported."""
    unreported = Asset.objects.of_kind(fault.kind).reportable().filter(reports=None, owner="")
    asset = unreported.order_by("central_asset_id").first()
    if asset:
        submit_report(
            resident=resident,
            token=uuid.uuid4(),
            fault=fault,
            place=Place.of(asset),
            description=description,
            wants_updates=True,
        )
