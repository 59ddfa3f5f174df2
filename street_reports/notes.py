"""What residents add to a report that was sent: an update of the case, which leaves after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockport.outbox.actions import enqueue

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.models import Delivery
    from street_reports.models import Report


def send_note(
    *, report: Report, text: str, resident: Resident | None = None, status: str = ""
) -> Delivery:
    """The words for the team that has the report; they say nothing of who wrote them.

    `resident` is whose words they are, and nobody where they are the portal's own. `status` is a
    word of mySociety's extension of Open311. Without one the connector says that it is open.
    """
    return enqueue(
        destination=report.delivery.destination.slug,
        kind="note",
        payload={"description": text} | ({"status": status} if status else {}),
        reference=report.reference,
        resident=resident,
        depends_on=report.delivery,
    )
