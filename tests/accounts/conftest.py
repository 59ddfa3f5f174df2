"""Residents in the states that these tests need."""

import pytest
from django.urls import reverse

from accounts.models import Resident
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD


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
