"""How many queries each page takes, the same for one row and for twenty."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Resident
from tests.client import PortalClient
from tests.factories.accounts import PersonLinkFactory

# The session and the resident, which every page for residents needs.
SIGNED_IN = 2


@pytest.mark.parametrize("links", [1, 20])
def test_queries_of_the_account_page(
    portal: PortalClient,
    resident: Resident,
    django_assert_num_queries: DjangoAssertNumQueries,
    links: int,
) -> None:
    PersonLinkFactory.create_batch(links, resident=resident)
    portal.sign_in(resident)
    # The links, the requests to link, and whether there is a second step.
    with django_assert_num_queries(SIGNED_IN + 3):
        portal.get(reverse("accounts:index"))


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_pages_before_signing_in_need_no_query(
    portal: PortalClient, django_assert_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    with django_assert_num_queries(0):
        portal.get(reverse(name))
