"""Who has just signed in gets newer figures, without waiting for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.figures import refresh_visitors
from accounts.models import Person
from accounts.tasks import refresh_figures
from stockport.feeds.models import FeedRun
from tests.factories.accounts import PersonLinkFactory

pytestmark = pytest.mark.django_db


def visitor(hours=0, age=5):
    """Somebody who signed in so many hours ago, whose figures were asked for so many hours ago."""
    now = timezone.now()
    link = PersonLinkFactory(
        resident__last_login=now - timedelta(hours=hours),
        person__refreshed_at=age and now - timedelta(hours=age),
        person__source="revenues",
    )
    return link.person


def test_only_visitors_with_old_figures_are_asked_for():
    old, never, _fresh, _away = visitor(), visitor(age=None), visitor(age=1), visitor(hours=6)
    since = timezone.now() - timedelta(hours=4)
    assert set(Person.objects.of_recent_visitors(since)) == {old, never}


def night(hours):
    """An extract of so many hours ago is loaded."""
    then = timezone.now() - timedelta(hours=hours)
    FeedRun.objects.create(
        source="revenues", kind="full", state="loaded", extracted_at=then, finished_at=then
    )


def test_soon_after_the_nightly_extract_nobody_is_asked_for(settings):
    settings.CIVICA_URL = "http://127.0.0.1:9/"
    night(hours=1)
    visitor()
    assert refresh_visitors() == 0
    assert not FeedRun.objects.filter(kind="person").exists()


def test_without_a_connected_system_nobody_is_asked_for():
    visitor()
    refresh_figures()
    assert not FeedRun.objects.exists()


def test_a_system_that_is_away_is_asked_once_and_then_left_alone(settings):
    settings.CIVICA_URL = "http://127.0.0.1:9/"
    night(hours=8)
    visitor()
    visitor()
    assert refresh_visitors() == 1
    assert refresh_visitors() == 0
    assert FeedRun.objects.get(kind="person").reasons == [
        "Civica's crmlogin: It cannot be reached."
    ]
