"""The outbox at work: tasks only find what is due and hand it on."""

from __future__ import annotations

from celery import shared_task

from stockport.outbox import delivering

# With the longest single call still well inside the time limit of a task.
SECONDS_FOR_A_DRAIN = 20


@shared_task
def drain(destination_id: int) -> None:
    """Carry what is due to one destination, as one of its slots."""
    delivering.drain(destination_id, seconds=SECONDS_FOR_A_DRAIN)


@shared_task
def sweep() -> None:
    """Take back what stopped workers left, and start a drain in every slot that has work.

    This alone is enough: a lost nudge or a flushed broker costs the time until the next sweep.
    """
    delivering.reclaim()
    for destination_id, slots in delivering.due_slots().items():
        for _ in range(slots):
            drain.apply_async(args=(destination_id,), expires=SECONDS_FOR_A_DRAIN)
