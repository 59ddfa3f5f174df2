"""The outbox's part in the workers."""

from __future__ import annotations

from celery import shared_task

from stockport.outbox import delivering
from stockport.outbox.sweeping import SECONDS_FOR_A_DRAIN


@shared_task
def drain(destination_id: int) -> None:
    """Carry what is due to one destination, as one of its slots."""
    delivering.drain(destination_id, seconds=SECONDS_FOR_A_DRAIN)
