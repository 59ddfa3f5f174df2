"""What happens to council tax by itself."""

from celery import shared_task

from council_tax import actions


@shared_task
def look_for_documents() -> None:
    """Find the files of letters that have come since the last look."""
    actions.look_for_documents()
