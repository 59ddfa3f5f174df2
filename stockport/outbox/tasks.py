"""The outbox's part in the workers: what leaves, and what comes back."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from stockport.outbox import delivering, mornings, retention
from stockport.outbox.inbound import applying, polling, tidying
from stockport.outbox.models import Destination
from stockport.outbox.sweeping import SECONDS_FOR_A_DRAIN


@shared_task
def drain(destination_id: int) -> None:
    """Hand on what came from one destination, then carry what is due to it, as one of its slots."""
    applying.hand_on(destination_id)
    delivering.drain(destination_id, seconds=SECONDS_FOR_A_DRAIN)


@shared_task
def ask_for_updates() -> None:
    """Ask every destination what is new: one task each, so that none waits for another."""
    for pk in Destination.objects.open().values_list("pk", flat=True):
        fetch_updates.apply_async(args=(pk,), expires=settings.OUTBOX_UPDATES_SECONDS)


@shared_task
def fetch_updates(destination_id: int) -> None:
    """Fetch one destination's updates and hand them on."""
    polling.bring_news(Destination.objects.get(pk=destination_id))


@shared_task
def forget_unclaimed_updates() -> None:
    """Dismiss what nobody has claimed for a month."""
    tidying.forget_unclaimed()


@shared_task
def forget_old_answers() -> None:
    """Empty the answers of what was sent long ago."""
    retention.forget_old_answers()


@shared_task
def tell_staff() -> None:
    """Make the mail of the day about what did not arrive, if it is time and there is none yet."""
    mornings.tell_staff(now=timezone.now())
