"""Residents in the states that these tests need."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone

from accounts.linking.claim import Claim
from accounts.models import Person, Resident
from council_tax.models import Account
from tests.accounts.linking import make_account, make_person
from tests.client import PortalClient


@pytest.fixture
def sure(portal: PortalClient, verified: Resident) -> PortalClient:
    """The verified resident, signed in and asked for the password again just now."""
    portal.sign_in(verified)
    portal.give_password()
    return portal


@pytest.fixture
def person(db: None) -> Person:
    """Somebody of whom the council holds every proof."""
    return make_person()


@pytest.fixture
def account(person: Person) -> Account:
    """Their council tax account."""
    return make_account(person)


@pytest.fixture
def claim(account: Account) -> Claim:
    """What they type, not quite as it is on the bill."""
    return Claim("council-tax", " 50-2000 0001", "ADA", "Shaw", "sk13xe")


@pytest.fixture
def still_clock(db: None) -> Iterator[None]:
    """However slow the machine is, everything happens within the minute that a limit counts."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
