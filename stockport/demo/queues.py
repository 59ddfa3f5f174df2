"""The queues of council teams, in the demo back office."""

from __future__ import annotations

from django.conf import settings

from stockport.outbox.models import Destination


def open_queue(slug: str, name: str) -> None:
    """The team's queue takes messages; the back office moves with PORT."""
    where = {
        "endpoint": f"{settings.DEMO_BACKOFFICE_URL}/inbox.json",
        "webhook_secret": settings.DEMO_WEBHOOK_SECRET,
        "paused_at": None,
        "pause_reason": "",
        "paused_by": None,
    }
    what = {"name": name, "connector": Destination.Connector.WEBHOOK}
    Destination.objects.update_or_create(slug=slug, defaults=where, create_defaults=what | where)
