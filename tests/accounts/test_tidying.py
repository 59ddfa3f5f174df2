"""Old tries and letters go at night; what limits count and what is on record stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.linking import budgets, letters
from accounts.linking.claim import Claim
from accounts.linking.tidying import KEPT, forget_old
from accounts.models import AuditEvent, LetterPin, LinkAttempt, Resident
from accounts.tasks import forget_tries
from tests.accounts.linking import FACTS, WRONG, tried
from tests.factories.accounts import ResidentFactory


def test_tries_and_letters_go_after_90_days_and_the_record_stays(
    resident: Resident, claim: Claim
) -> None:
    tried(resident, claim, WRONG)
    letters.ask_for_letter(resident=resident, claim=claim)
    happened = AuditEvent.objects.count()
    with time_machine.travel(timezone.now() + KEPT - timedelta(minutes=1)):
        assert forget_old() == 0
    with time_machine.travel(timezone.now() + KEPT + letters.LIVES + timedelta(minutes=1)):
        forget_tries()
    assert not LinkAttempt.objects.exists() and not LetterPin.objects.exists()
    assert AuditEvent.objects.count() == happened


def test_what_a_limit_counts_is_kept(claim: Claim) -> None:
    """The longest look back is a month: facts that are closed stay so through the night."""
    for number in range(budgets.FACTS_OF_TARGET):
        tried(
            ResidentFactory.create(), claim, replace(FACTS, bank_last3="000"), address=f"{number}"
        )
    with time_machine.travel(timezone.now() + budgets.MONTH - timedelta(minutes=1)):
        assert forget_old() == 0
        assert not tried(ResidentFactory.create(), claim, FACTS)
    assert max(budgets.MONTH, budgets.DAY, letters.LIVES, letters.WEEK) < KEPT
