"""The dashboard takes the same queries whatever a resident has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Resident
from tests.client import PortalClient
from tests.factories.accounts import PersonLinkFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.benefits import AwardFactory, BenefitPaymentFactory, ClaimFactory
from tests.factories.council_tax import InstalmentFactory, household
from tests.factories.street_reports import ReportFactory

pytestmark = pytest.mark.django_db

# Session and resident (2); cards of council tax (2), benefits (2), appointments (1) and street
# reports (2); dates of council tax (1), benefits (2) and appointments (1).
QUERIES = 13


@pytest.mark.parametrize("rows", [0, 1, 20])
def test_dashboard_takes_the_same_queries_however_much_there_is(
    rows: int,
    portal: PortalClient,
    resident: Resident,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    link = PersonLinkFactory(resident=resident)
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    for n in range(rows):
        InstalmentFactory(account=household(resident), number=n + 20, due=soon.date())
        claim = ClaimFactory(person=link.person)
        AwardFactory(claim=claim)
        BenefitPaymentFactory(claim=claim, state="due", paid_on=soon.date())
        AppointmentFactory(resident=resident, starts_at=soon + timedelta(days=n))
        ReportFactory(resident=resident)
    portal.sign_in(resident)
    with django_assert_max_num_queries(QUERIES):
        portal.get("/dashboard/")
