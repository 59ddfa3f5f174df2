"""What happens to benefits by itself."""

from celery import shared_task

from benefits import papers


@shared_task
def tidy() -> None:
    """Delete papers that nobody sent, and ours of those that the council has long had."""
    papers.tidy()
