"""A load balancer can tell whether the portal is alive and ready."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client, override_settings

from stockport.celery import app
from tests.factories.outbox import DeliveryFactory, DestinationFactory


def test_portal_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"live")


@pytest.mark.django_db
def test_portal_is_ready_when_database_and_migrations_are(client: Client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "database": "ok", "migrations": "ok", "broker": "ok", "deliveries": "ok",
    }  # fmt: skip


@pytest.mark.django_db
def test_health_tells_when_deliveries_are_late(client: Client) -> None:
    DeliveryFactory(next_attempt_at=Now() - timedelta(minutes=3))
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert json.loads(answer.content)["deliveries"] == "late"


@pytest.mark.django_db
def test_deliveries_of_a_paused_destination_are_not_late(client: Client) -> None:
    paused = DestinationFactory(paused_at=Now())
    DeliveryFactory(destination=paused, next_attempt_at=Now() - timedelta(minutes=3))
    assert json.loads(client.get("/health/ready").content)["deliveries"] == "ok"


@pytest.mark.django_db
def test_portal_is_not_ready_while_a_migration_waits(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox'")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert json.loads(answer.content)["migrations"] == "down"


@pytest.mark.django_db
def test_portal_without_its_broker_is_degraded_but_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert json.loads(answer.content)["broker"] == "degraded"


@override_settings(ALLOWED_HOSTS=["portal.example.org"], SECURE_SSL_REDIRECT=True)
def test_health_answers_a_load_balancer_that_asks_by_address_over_plain_http(
    client: Client,
) -> None:
    assert client.get("/health/live", headers={"host": "10.0.0.7"}).status_code == 200
