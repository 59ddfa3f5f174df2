"""The public face of this app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from stockport.services import Card, Erasure, Notice, Service
from street_reports import pages, privacy, progress
from street_reports.models import Report

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors.base import Update
    from stockport.outbox.models import Delivery


class StreetReports(Service):
    """Faults of street lights, lit signs and bollards, and grids."""

    slug = "street-reports"
    title = "Street reports"
    summary = "Report a faulty street light, sign or bollard, or a blocked grid."
    is_open = True
    records_of_people = {
        "street_reports.contact": ("report__resident",),
        "street_reports.draft": ("resident",),
        "street_reports.photo": ("resident",),
        "street_reports.report": ("resident",),
    }
    machine_urls = (("open311/v2/", "street_reports.open311.urls"),)
    notices = (
        Notice("street_report_received", "A copy of each street report", can_disable=False),
        Notice("street_report_progress", "What happens to your street reports"),
    )

    def card(self, resident: Resident) -> Card | None:
        """How many reports are open, and how far the latest one is."""
        mine = Report.objects.for_resident(resident)
        latest = mine.select_related("fault", "delivery").order_by("-created_at", "-pk").first()
        if latest is None:
            return None
        number = mine.open().count()
        state = pages.head(latest).text
        return Card(
            title=self.title,
            url=reverse("street_reports:index"),
            status=f"{number or 'No'} open report{'' if number == 1 else 's'}",
            detail=f"Latest: {latest.fault.name}, {latest.location}. {state}.",
        )

    def hear(self, delivery: Delivery, update: Update) -> bool:
        """What a team's system says about a report."""
        return progress.hear(delivery=delivery, update=update)

    def export(self, resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
        """Reports, updates, photos."""
        return privacy.export(resident)

    def erase(self, resident: Resident) -> Erasure:
        """The faults stay, without the person."""
        return privacy.erase(resident)


service = StreetReports()
