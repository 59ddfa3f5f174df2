"""The same checks over every service in settings.SERVICES (architecture, section 3)."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.serializers.json import DjangoJSONEncoder
from pytest_django import DjangoAssertNumQueries

from accounts.models import Resident
from stockport.outbox.connectors.base import Update
from stockport.services import Service, services
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory
from tests.snapshot import nothing_changes

pytestmark = pytest.mark.django_db
each_service = pytest.mark.parametrize("service", services(), ids=lambda service: service.slug)
TODAY = date(2026, 11, 23)


@each_service
def test_service_says_what_it_is(service: Service) -> None:
    assert service.title
    assert service.summary.endswith(".")
    assert service.slug == service.slug.lower().replace("_", "-")


@each_service
def test_first_page_of_service_answers_a_resident_who_has_nothing(
    service: Service, portal: PortalClient, resident: Resident
) -> None:
    portal.sign_in(resident)
    assert portal.get(f"/{service.slug}/").status_code == 200


@each_service
def test_card_of_service_takes_at_most_two_queries(
    service: Service,
    resident: Resident,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(2):
        service.card(resident)


@each_service
def test_dates_of_service_are_none_for_a_resident_who_has_nothing(
    service: Service, resident: Resident
) -> None:
    assert list(service.dates(resident, TODAY, TODAY + timedelta(days=60))) == []


@each_service
def test_money_of_service_is_nothing_for_a_resident_who_has_nothing(
    service: Service,
    resident: Resident,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(5):
        money = service.money(resident, TODAY, TODAY + timedelta(days=60))
    assert (list(money.figures), list(money.movements), list(money.notes)) == ([], [], [])


def exported(service: Service, resident: Resident) -> Any:
    """What a resident would download, after a round trip through JSON."""
    return json.loads(json.dumps(dict(service.export(resident)), cls=DjangoJSONEncoder))


@each_service
def test_export_of_service_is_machine_readable(service: Service, resident: Resident) -> None:
    assert all(isinstance(rows, list) for rows in exported(service, resident).values())


@each_service
def test_erasing_twice_is_the_same_as_erasing_once(service: Service, resident: Resident) -> None:
    service.erase(resident)
    after_once = exported(service, resident)
    again = service.erase(resident)
    assert (again.deleted, again.anonymised) == (0, 0)
    assert exported(service, resident) == after_once


@each_service
def test_erasing_one_resident_leaves_another_untouched(
    service: Service, resident: Resident
) -> None:
    other = ResidentFactory()
    before = exported(service, other)
    service.erase(resident)
    assert exported(service, other) == before


@each_service
def test_service_leaves_news_of_what_it_did_not_send_to_others(service: Service) -> None:
    delivery = DeliveryFactory.create(kind="parking_permit", remote_reference="7")
    update = Update("U1", "7", "granted", "", datetime(2026, 11, 23, 10, tzinfo=UTC))
    with nothing_changes():
        assert service.hear(delivery, update) is False


@each_service
def test_notices_of_service_have_different_keys(service: Service) -> None:
    keys = [notice.key for notice in service.notices]
    assert len(keys) == len(set(keys))


def test_services_pass_their_system_checks() -> None:
    assert [e for e in run_checks() if e.id and e.id.startswith("stockport.")] == []
