"""Once a day staff read what did not arrive: once, and only if there is something to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now
from django.urls import reverse

from stockport.outbox import mornings
from stockport.outbox.actions import pause
from stockport.outbox.models import Delivery, Destination, MorningMail
from stockport.outbox.workflow import State
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db
WINTER = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
STAFF = ["alerts@example.org"]


@pytest.fixture(autouse=True)
def somebody_to_tell(settings):
    settings.ALERT_EMAILS = STAFF


@pytest.fixture(autouse=True)
def every_queue_is_set_up(db):
    Destination.objects.update(paused_at=None, pause_reason="")


def mails():
    return Delivery.objects.filter(payload__subject="My Account: what did not arrive")


def body():
    return mails().get().payload["body"]


def dead(**more):
    return DeliveryFactory(state=State.DEAD, reason="The place is not in Stockport.", **more)


def test_mail_names_what_needs_attention_and_why_and_links_to_it():
    delivery = dead(reference="SL-1")
    mornings.tell_staff(now=WINTER)
    assert mails().get().payload["to"] == STAFF
    assert "lighting team" in body()
    assert "street_report SL-1. The place is not in Stockport." in body()
    assert reverse("admin:outbox_delivery_change", args=[delivery.pk]) in body()
    for personal in ("ada@example.org", "Shaw", "Ashfield", "The light is out"):
        assert personal not in body()


def test_mail_names_at_most_twenty_of_a_destination():
    destination = DestinationFactory()
    for _ in range(23):
        dead(destination=destination)
    mornings.tell_staff(now=WINTER)
    assert body().count("Needs attention:") == 20
    assert "and 3 more that need attention" in body()


def test_mail_names_what_is_paused_by_whom_and_why():
    staff = ResidentFactory(staff=True, email="duty@example.org")
    pause(destination=DestinationFactory(), reason="New key on Monday", by=staff)
    mornings.tell_staff(now=WINTER)
    assert "by duty@example.org: New key on Monday" in body()


@pytest.mark.parametrize(("minutes", "told"), [(61, True), (59, False)])
def test_mail_says_what_has_waited_for_more_than_an_hour(minutes, told):
    DeliveryFactory(created_at=WINTER - timedelta(minutes=minutes))
    mornings.tell_staff(now=WINTER)
    assert mails().exists() is told
    if told:
        assert "has waited for 1\xa0hour." in body()


def test_nothing_is_sent_where_nothing_is_wrong():
    DeliveryFactory(state=State.SENT, sent_at=WINTER)
    assert mornings.tell_staff(now=WINTER) is None
    assert not mails().exists()


@pytest.mark.parametrize("morning", [WINTER, SUMMER])
def test_mail_goes_at_half_past_seven_in_london_in_winter_and_summer(morning):
    dead()
    assert mornings.tell_staff(now=morning - timedelta(seconds=1)) is None
    assert mornings.tell_staff(now=morning) is not None


def test_there_is_one_mail_a_day():
    dead()
    for hours in (0, 1, 16):
        mornings.tell_staff(now=WINTER + timedelta(hours=hours))
    assert mails().count() == 1
    mornings.tell_staff(now=WINTER + timedelta(days=1))
    assert mails().count() == 2


def test_database_takes_one_mail_a_day():
    MorningMail.objects.create(day=WINTER.date())
    with pytest.raises(IntegrityError, match="day"):
        MorningMail.objects.create(day=WINTER.date())


@pytest.mark.slow
def test_workers_that_start_together_make_one_mail(committed, at_once):
    dead()
    made = at_once(8, lambda: mornings.tell_staff(now=WINTER))
    assert sum(mail is not None for mail in made) == mails().count() == 1


@pytest.mark.slow
def test_it_is_the_row_of_the_day_that_keeps_a_second_mail_away(committed, at_once):
    """The negative control: each worker for a day of its own makes a mail of its own."""
    dead()
    days = iter(range(8))
    made = at_once(8, lambda: mornings.tell_staff(now=WINTER + timedelta(days=next(days))))
    assert sum(mail is not None for mail in made) == mails().count() == 8


def test_with_nobody_to_tell_it_is_logged_as_an_error_once_a_day(settings, caplog):
    settings.ALERT_EMAILS = []
    delivery = dead()
    for _ in range(2):
        mornings.tell_staff(now=WINTER)
    [record] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "ALERT_EMAILS" in record.getMessage()
    assert delivery.destination.slug in record.getMessage()
    assert not mails().exists()


def test_where_email_itself_is_paused_it_is_logged_as_an_error_too(caplog):
    Destination.objects.filter(slug="email").update(paused_at=Now(), pause_reason="New server")
    mornings.tell_staff(now=WINTER)
    assert mails().exists()
    [record] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "may not get the mail" in record.getMessage()


def test_staff_find_the_mail_of_a_day(portal):
    dead()
    mornings.tell_staff(now=WINTER)
    portal.sign_in(ResidentFactory(staff=True))
    page = portal.get("/admin/outbox/morningmail/?q=2026-11-23").content.decode()
    assert "23 November 2026" in page or "23 Nov" in page
