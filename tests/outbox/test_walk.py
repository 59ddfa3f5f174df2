"""Whatever happens, in whatever order: every report arrives once, or staff see why not.

Hypothesis walks through what residents, workers, staff and the back office may do. The office is a
real one, and knows no idempotency keys: only the look-up stands between a lost answer and a double.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stockport.outbox import delivering, staff
from stockport.outbox.actions import resume
from stockport.outbox.connectors import connector_for
from stockport.outbox.models import Delivery, Destination
from stockport.outbox.settling import settle
from stockport.outbox.workflow import State, Step
from tests.backoffice import API_KEY
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BOUNDS = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    # The same walks at every run in CI; new ones on a developer's machine.
    derandomize=os.environ.get("CI") == "true",
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
FAULTS = st.sampled_from(
    ["", "", "", "500", "503", "429", "403", "login-page",
     "drop", "drop", "garbage", "truncated", "500-after", "token"]
)  # fmt: skip
ARRIVED = (State.SENT, State.ID_PENDING)
MOST_REPORTS = 6
which = st.integers(0, MOST_REPORTS - 1)


class Died(Exception):
    """The worker's process was killed."""


class Walk(RuleBasedStateMachine):
    """Reports, workers that may die at any point, staff, and an office that may fail."""

    def __init__(self, office, *, looks_up=True):
        super().__init__()
        self.office, self.looks_up = office, looks_up
        self.highways = DestinationFactory(endpoint=office.url, api_key=API_KEY)
        self.deliveries, self.late = [], []

    @initialize()
    def somebody_reports_a_light(self):
        self.deliveries.append(DeliveryFactory(destination=self.highways))

    @precondition(lambda self: len(self.deliveries) < MOST_REPORTS)
    @rule()
    def somebody_else_reports_one(self):
        self.somebody_reports_a_light()

    @rule(fault=FAULTS, everywhere=st.booleans())
    def worker_carries_one(self, fault, everywhere):
        if claim := self.claim():
            self.switch(fault, everywhere)
            delivering.carry(claim)

    @rule()
    def worker_dies_before_the_call(self):
        self.claim()

    @rule(fault=FAULTS)
    def worker_dies_after_the_call(self, fault):
        if claim := self.claim():
            self.call(claim, fault)

    @rule(fault=FAULTS)
    def worker_dies_before_our_commit(self, fault):
        if claim := self.claim():
            outcome = self.call(claim, fault)
            with pytest.raises(Died), transaction.atomic():
                settle(delivery=claim.delivery, attempt=claim.attempt, outcome=outcome)
                raise Died

    @rule(fault=FAULTS)
    def worker_falls_asleep_after_the_call(self, fault):
        if claim := self.claim():
            self.late.append((claim, self.call(claim, fault)))

    @precondition(lambda self: self.late)
    @rule()
    def worker_wakes_up(self):
        claim, outcome = self.late.pop()
        settle(delivery=claim.delivery, attempt=claim.attempt, outcome=outcome)

    @rule()
    def leases_end(self):
        leased = Delivery.objects.filter(destination=self.highways, state=State.LEASED)
        leased.update(leased_until=Now() - timedelta(seconds=1))
        delivering.reclaim()

    @rule(which=which)
    def staff_hold_one(self, which):
        if delivery := self.one(which, *Delivery.WAITING, State.DEAD):
            staff.hold(delivery=delivery, reason="Wait for the contractor.")

    @rule(which=which)
    def staff_try_one_again(self, which):
        if delivery := self.one(which, *Delivery.WAITING, State.DEAD, State.HELD):
            staff.try_again(delivery=delivery)

    @rule(which=which)
    def staff_look_at_the_office_for_one(self, which):
        delivery = self.one(which, State.UNKNOWN, State.DEAD, State.HELD)
        if delivery and delivery.in_doubt and self.cases()[delivery.reference]:
            staff.mark_sent(delivery=delivery, remote_reference=f"seen: {delivery.reference}")
        elif delivery and delivery.in_doubt:
            staff.try_again(delivery=delivery, checked=True)

    @rule()
    def staff_resume_the_destination(self):
        resume(destination=self.highways)

    @invariant()
    def every_report_is_at_the_office_once_or_visible(self):
        cases = self.cases()
        twice = [reference for reference, number in cases.items() if number > 1]
        assert not twice, f"came twice: {twice}"
        arrived = self.highways.deliveries.filter(state__in=ARRIVED)
        lost = [delivery.reference for delivery in arrived if not cases[delivery.reference]]
        assert not lost, f"lost: {lost}"
        visible = self.highways.deliveries.exclude(state=State.CANCELLED)
        assert visible.count() == len(self.deliveries)

    def teardown(self):
        """The office is well again, staff put back what they held, and workers work on."""
        self.office.fault()
        resume(destination=self.highways)
        self.leases_end()
        for delivery in self.highways.deliveries.filter(state__in=(State.DEAD, State.HELD)):
            staff.try_again(delivery=delivery)
        # A token becomes an id only after a few seconds: the report has arrived by then.
        unfinished = self.highways.deliveries.exclude(state__in=ARRIVED)
        for _ in range(5 * MOST_REPORTS):
            if unfinished.exists() and (claim := self.claim()):
                delivering.carry(claim)
        assert not unfinished.exists()
        self.every_report_is_at_the_office_once_or_visible()
        assert all(self.cases().values())

    def claim(self):
        """The next delivery, as if its waiting time were over."""
        waiting = Delivery.objects.filter(destination=self.highways, state__in=Delivery.WAITING)
        waiting.update(next_attempt_at=Now())
        if not self.looks_up:
            waiting.filter(state=State.UNKNOWN).update(state=State.RETRY, next_step=Step.SEND)
        Destination.objects.filter(pk=self.highways.pk).update(resting_until=None, failures=0)
        return delivering.claim(self.highways.pk)

    def call(self, claim, fault):
        self.switch(fault)
        return delivering.call(connector_for(self.highways), claim.delivery)

    def switch(self, fault, everywhere=False):
        self.office.fault(fault, times=1, everywhere=str(everywhere).lower())

    def one(self, which, *states):
        """The delivery with this number, if there is one and it is in one of the states."""
        found = self.deliveries[which : which + 1]
        ids = [delivery.pk for delivery in found]
        return Delivery.objects.filter(pk__in=ids, state__in=states).first()

    def cases(self):
        """How many cases the office has for each of our references."""
        counted = self.office.summary()["references"]
        references = [delivery.reference for delivery in self.deliveries]
        return {reference: counted.get(reference, [0])[0] for reference in references}


def test_every_report_arrives_once_or_staff_see_why_not(office):
    run_state_machine_as_test(partial(Walk, office), settings=BOUNDS)


def test_without_the_look_up_the_same_walk_finds_a_report_that_came_twice(office):
    """The negative control."""
    bounds = settings(BOUNDS, derandomize=True, max_examples=50, phases=[Phase.generate])
    with pytest.raises(AssertionError, match="came twice"):
        run_state_machine_as_test(partial(Walk, office, looks_up=False), settings=bounds)
