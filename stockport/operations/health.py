"""Health: alive (no dependencies) and ready (database, migrations, broker)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now
from django.http import HttpResponse, JsonResponse

from stockport.celery import app
from stockport.outbox.models import Delivery, Destination

BROKER_TIMEOUT = 1  # second
LATE = timedelta(minutes=2)


def live() -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("live", content_type="text/plain")


def ready() -> HttpResponse:
    """200 when residents can be served, otherwise 503; names each check, no versions or hosts.

    Without the broker the portal is only slower (the outbox sweeps), so that is “degraded”.
    Deliveries are “late” when a destination that works waits for them: see to worker and sweeper.
    """
    checks = {"database": _database(), "migrations": _migrations(), "broker": _broker()}
    if "down" not in checks.values():
        checks["deliveries"] = _deliveries()
    return JsonResponse(checks, status=503 if "down" in checks.values() else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return "down"
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "down" if waiting else "ok"


def _broker() -> str:
    try:
        with app.connection_for_write(connect_timeout=BROKER_TIMEOUT) as broker:
            broker.ensure_connection(max_retries=0, timeout=BROKER_TIMEOUT)
    except Exception:  # each transport has its own errors
        return "degraded"
    return "ok"


def _deliveries() -> str:
    due = Delivery.objects.due().filter(destination__in=Destination.objects.open())
    late = due.filter(next_attempt_at__lt=Now() - LATE)
    return "late" if late.exists() else "ok"


CHECKS: dict[str, Callable[[], HttpResponse]] = {"/health/live": live, "/health/ready": ready}
