"""Work in the background: news from the back offices, and photos that nobody sent."""

from celery import shared_task

from stockport.outbox.models import Destination
from street_reports.actions import delete_old_drafts
from street_reports.progress import bring_news
from street_reports.rules import TEAMS


@shared_task
def fetch_progress() -> None:
    """Ask each team's back office what has happened to reports."""
    slugs = [team.destination for team in TEAMS.values()]
    for destination in Destination.objects.filter(slug__in=slugs).order_by("pk"):
        bring_news(destination=destination)


@shared_task
def tidy_photos() -> None:
    """Delete the photos of forms that were not sent."""
    delete_old_drafts()
