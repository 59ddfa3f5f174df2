"""What the accounts need done by the clock."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import chain, devices, failing
from accounts.figures import refresh_visitors
from accounts.linking import queue, telling, tidying
from accounts.second_step import removing


@shared_task
def clear_sessions() -> None:
    """Delete the sessions that are over: nothing of a resident's visit is kept."""
    call_command("clearsessions")
    devices.forget_ended()


@shared_task
def refresh_figures() -> None:
    """Ask the council's system for newer figures of residents who have just signed in."""
    refresh_visitors()


@shared_task
def tell_of_tries() -> None:
    """Write to residents at whose records others tried in vain."""
    telling.tell_of_tries()


@shared_task
def forget_tries() -> None:
    """Delete tries to link, and letters, that are over for long."""
    tidying.forget_old()


@shared_task
def tell_of_requests() -> None:
    """Write to staff while residents wait for them to compare and decide."""
    queue.tell_staff()


@shared_task
def tell_of_failed_sign_ins() -> None:
    """Have residents read of sign-ins that failed in the hours that are over."""
    failing.tell(timezone.now())


@shared_task
def remove_second_steps() -> None:
    """Remove the second steps that residents have lost, a day after staff were told."""
    removing.remove_due(timezone.now())


@shared_task
def seal_events() -> None:
    """Seal what happened lately, so that nobody can change it unseen."""
    chain.seal(timezone.now())
