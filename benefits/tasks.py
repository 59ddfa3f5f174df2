"""What happens to benefits by itself."""

from celery import shared_task

from benefits import papers
from benefits.drafts import delete_old_drafts


@shared_task
def tidy() -> None:
    """Delete forms and papers that nobody sent, and papers that the council has long had."""
    delete_old_drafts()
    papers.tidy()
