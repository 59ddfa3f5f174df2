"""What a monitor asks of extracts: whether they come, whether they are taken, what is held back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from stockport.feeds.models import FeedRun, Quarantine
from stockport.operations.metrics import Gauge

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CAME_TO_NOTHING = (FeedRun.State.REFUSED, FeedRun.State.FAILED)


def gauges() -> Iterator[Gauge]:
    """The figures of now, in three queries."""
    now = timezone.now()
    newest = FeedRun.objects.loaded().values("source").annotate(at=Max("extracted_at"))
    yield Gauge(
        "portal_extract_age_seconds",
        "Age of the figures of the newest extract that was loaded, by source.",
        [({"source": row["source"]}, (now - row["at"]).total_seconds()) for row in newest],
    )
    recent = _counts(now - DAY, now - HOUR)
    yield Gauge(
        "portal_extracts_not_loaded",
        "Extracts that were refused or failed in the last 24 hours.",
        [({"state": state}, recent[f"extracts_{state}"]) for state in CAME_TO_NOTHING],
    )
    yield Gauge(
        "portal_refreshes",
        "Refreshes of one person from Civica in the last hour.",
        [({}, recent["refreshes"])],
    )
    yield Gauge(
        "portal_refreshes_failed",
        "Those of them that came to nothing.",
        [({}, recent["refreshes_failed"])],
    )
    held = Quarantine.objects.current().values("source", "table").annotate(number=Count("pk"))
    yield Gauge(
        "portal_quarantine",
        "Accounts or claims whose new figures are held back, by source and list.",
        [({"source": row["source"], "list": row["table"]}, row["number"]) for row in held],
    )


def _counts(day: datetime, hour: datetime) -> dict[str, int]:
    nothing, person = Q(state__in=CAME_TO_NOTHING), Q(kind=FeedRun.Kind.PERSON)
    refreshes = person & Q(started_at__gte=hour)
    return FeedRun.objects.filter(started_at__gte=day).aggregate(
        **{
            f"extracts_{state}": Count("pk", filter=~person & Q(state=state))
            for state in CAME_TO_NOTHING
        },
        refreshes=Count("pk", filter=refreshes),
        refreshes_failed=Count("pk", filter=refreshes & nothing),
    )
