"""A report and everything that leaves the portal because of it are written together."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction

from stockport.outbox.actions import enqueue
from stockport.outbox.models import Delivery, Destination
from street_reports.actions import Place, submit_report
from street_reports.models import Report
from tests.factories.outbox import DestinationFactory
from tests.factories.street_reports import DestinationFactory as TeamFactory
from tests.factories.street_reports import FaultTypeFactory

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """What the delivery is about came to nothing."""


def submit(resident):
    return submit_report(
        resident=resident,
        token=uuid.uuid4(),
        fault=FaultTypeFactory(),
        place=Place("By the bus stop"),
    )


def test_report_comes_with_its_delivery(resident):
    TeamFactory()
    report = submit(resident)
    assert Delivery.objects.get(kind="street_report").reference == report.reference


def test_report_that_cannot_be_sent_is_not_kept_either(resident):
    TeamFactory()
    Destination.objects.get(slug="email").delete()
    with pytest.raises(Destination.DoesNotExist):
        submit(resident)
    assert not Report.objects.exists()
    assert not Delivery.objects.exists()


def test_what_is_undone_is_neither_sent_nor_announced(django_capture_on_commit_callbacks):
    destination = DestinationFactory()
    with django_capture_on_commit_callbacks() as announced, pytest.raises(Undone):  # noqa: SIM117
        with transaction.atomic():
            enqueue(destination=destination.slug, kind="street_report", payload={})
            raise Undone
    assert not announced
    assert not Delivery.objects.exists()
