"""Work in the background: what nobody sent goes, and what was fixed is asked about once more."""

from celery import shared_task

from street_reports import asking, confirming
from street_reports.drafts import delete_old_drafts
from street_reports.photos import delete_unsent


@shared_task
def tidy() -> None:
    """Delete the forms that nobody came back to, and the photos that nobody sent."""
    delete_old_drafts()
    delete_unsent()


@shared_task
def tidy_addresses() -> None:
    """Delete reports that nobody confirmed, and addresses that are not needed any more."""
    confirming.tidy()


@shared_task
def ask_again() -> None:
    """Ask once more whether what was fixed some days ago is."""
    asking.ask_again()
