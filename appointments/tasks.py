from celery import shared_task

from appointments import actions


@shared_task
def tidy_holds() -> None:
    """Free the time of holds that ran out; nothing depends on it."""
    actions.tidy()
