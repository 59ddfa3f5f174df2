"""A worker that is killed while it books: `python -m tests.appointments.concurrency.killed`.

It says “half” when the appointment is written and its cells are not, and waits to be killed. With
`--careless` it has committed that half.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import Any

import django


def main(resident: str, service: str, place: str, start: str, *more: str) -> None:
    """Begin to book."""
    from django.db import connection

    from accounts.models import Resident
    from appointments import actions
    from appointments.models import OccupiedCell, Service
    from appointments.places import place_of

    def half(*args: Any, **kwargs: Any) -> None:
        if "--careless" in more:
            connection.connection.commit()
        sys.stdout.write("half\n")
        sys.stdout.flush()
        time.sleep(60)

    OccupiedCell.objects.bulk_create = half  # type: ignore[assignment]
    found = Service.objects.get(slug=service)
    actions.hold(
        resident=Resident.objects.get(pk=resident),
        service=found,
        place=place_of(found, place),
        starts_at=datetime.fromisoformat(start),
    )


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
