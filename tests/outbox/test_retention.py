"""What destinations answered is forgotten in time; that they were asked is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from stockport.outbox.models import Attempt
from stockport.outbox.retention import forget_old_answers
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory

pytestmark = pytest.mark.django_db


def tried(state=State.SENT, days=0, tries=1):
    """A delivery with answers, sent so many days ago."""
    then = timezone.now() - timedelta(days=days, minutes=1)
    delivery = DeliveryFactory(
        state=state, sent_at=then if state == State.SENT else None, created_at=then
    )
    for number in range(1, tries + 1):
        Attempt.objects.create(
            delivery=delivery, number=number, started_at=then, answer="Accepted.", outcome=state
        )
    return delivery


def answers(delivery):
    return set(delivery.attempts.values_list("answer", flat=True))


def test_answers_go_90_days_after_the_delivery_was_sent_and_the_tries_stay():
    old, new = tried(days=90, tries=3), tried(days=89)
    unsent = tried(state=State.DEAD, days=400)
    assert forget_old_answers() == 3
    assert (answers(old), old.attempts.count()) == ({""}, 3)
    assert answers(new) == answers(unsent) == {"Accepted."}


def test_how_long_answers_are_kept_is_a_setting(settings):
    settings.OUTBOX_KEEP_ANSWERS_DAYS = 7
    delivery = tried(days=8)
    forget_old_answers()
    assert answers(delivery) == {""}


def test_answers_are_forgotten_batch_by_batch(django_assert_num_queries):
    tried(days=100, tries=25)
    with django_assert_num_queries(4):  # 10, 10, 5, none
        assert forget_old_answers(batch=10) == 25
    assert forget_old_answers() == 0
