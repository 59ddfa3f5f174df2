"""Work in the background: photos that nobody sent."""

from celery import shared_task

from street_reports.photos import delete_old_drafts


@shared_task
def tidy_photos() -> None:
    """Delete the photos of forms that were not sent."""
    delete_old_drafts()
