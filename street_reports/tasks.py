"""Work in the background: what residents began and did not send."""

from celery import shared_task

from street_reports.drafts import delete_old_drafts
from street_reports.photos import delete_unsent


@shared_task
def tidy() -> None:
    """Delete the forms that nobody came back to, and the photos that nobody sent."""
    delete_old_drafts()
    delete_unsent()
