"""What happens to letters by itself."""

from celery import shared_task

from stockport.letters import finding


@shared_task
def look_for_documents() -> None:
    """Find the files of letters that have come since the last look."""
    finding.look_for_documents()
