"""What happens to appointments by itself."""

from celery import shared_task

from appointments import actions, checks, erasing


@shared_task
def tidy_holds() -> None:
    """Free the time of holds that ran out; nothing depends on it."""
    actions.tidy()


@shared_task
def offer_earlier() -> None:
    """Pass on offers that were not answered in time, and free what has rested long enough."""
    actions.pass_on_offers()
    actions.end_cool_offs()


@shared_task
def remind() -> None:
    """Remind those whose appointment is near."""
    actions.remind()


@shared_task
def check_every_appointment() -> None:
    """Tell staff of every appointment that is not as it should be."""
    checks.tell_staff()


@shared_task
def forget_callers() -> None:
    """Forget who had no account and came, or did not, some weeks ago."""
    erasing.forget_callers()
