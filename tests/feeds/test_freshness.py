"""Residents read how old the figures are, and when a night was missed."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockport.feeds.civica.refresh import AWAY
from stockport.services import services
from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import ClaimFactory
from tests.factories.council_tax import AS_AT, household
from tests.page import text_of

pytestmark = pytest.mark.django_db
WORDS = "These figures are older than usual: they are from 22 November 2026 at 11pm."


@pytest.fixture
def account(resident):
    account = household(resident)
    ClaimFactory(person=resident.person_links.get().person, as_at=AS_AT)
    return account


def pages(account, resident):
    claim = resident.person_links.get().person.benefit_claims.get()
    own = [f"{account.get_absolute_url()}{page}" for page in ("", "bill/", "transactions/")]
    return ["/council-tax/", *own, "/benefits/", claim.get_absolute_url()]


@pytest.mark.parametrize(("hours", "is_old"), [(36, False), (37, True)])
def test_every_page_of_figures_says_when_a_night_was_missed(
    hours, is_old, portal, resident, account
):
    with time_machine.travel(AS_AT + timedelta(hours=hours), tick=False):
        portal.sign_in(resident)
        for url in pages(account, resident):
            said = " ".join(portal.get(url).content.decode().split())
            assert "s at 22 November 2026 at 11pm" in said
            assert (WORDS in said) is is_old, url


@pytest.mark.parametrize(("hours", "is_old"), [(36, False), (37, True)])
def test_both_cards_say_how_old_they_are(hours, is_old, resident, account):
    with time_machine.travel(AS_AT + timedelta(hours=hours), tick=False):
        for service in services()[:2]:
            detail = service.card(resident).detail
            assert "s at 22 November 2026" in detail
            assert ("which is older than usual" in detail) is is_old


def test_who_has_no_claim_reads_of_no_age(portal):
    portal.sign_in(PersonLinkFactory().resident)
    assert "older than usual" not in portal.get("/benefits/").content.decode()


def test_whether_the_system_is_away_is_asked_once_a_page(
    portal, resident, settings, django_assert_num_queries
):
    for _ in range(5):
        household(resident)
    portal.sign_in(resident)
    with django_assert_num_queries(3):
        portal.get("/council-tax/")
    settings.CIVICA_URL = "https://civica.example/"
    # Where the cache is a table, asking it is a query.
    with django_assert_num_queries(3 if settings.REDIS_URL else 4):
        portal.get("/council-tax/")


def test_pages_and_both_cards_say_that_the_system_cannot_be_reached(
    portal, resident, account, settings, django_assert_num_queries
):
    words = "We cannot reach the council’s system. These figures are from 22 November 2026 at 11pm."
    portal.sign_in(resident)
    with CaptureQueriesContext(connection) as without:
        assert words not in portal.get("/dashboard/").page.text("main")
    settings.CIVICA_URL = "https://civica.example/"
    cache.set(AWAY, True, 60)
    # The cards ask the cache together: where it is a table, that is one query.
    with django_assert_num_queries(len(without) + (0 if settings.REDIS_URL else 1)):
        dashboard = portal.get("/dashboard/")
    cards = [text_of(card) for card in dashboard.page.select(".portal-card")]
    assert [words in card for card in cards] == [True, True, *[False] * (len(cards) - 2)]
    for url in [*pages(account, resident), "/money/"]:
        assert words in " ".join(portal.get(url).page.text("main").split()), url
    cache.delete(AWAY)
    assert words not in portal.get("/dashboard/").page.text("main")
