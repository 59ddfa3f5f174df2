"""Residents in the states that these tests need; rate limits start afresh for each test."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Resident
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD


@pytest.fixture(autouse=True)
def fresh_rate_limits(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def verified(resident: Resident) -> Resident:
    """A resident whose e-mail address is confirmed, as after signing up."""
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    return resident


@pytest.fixture
def sure(portal: PortalClient, verified: Resident) -> PortalClient:
    """The verified resident, signed in and asked for the password again just now."""
    portal.sign_in(verified)
    portal.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return portal
