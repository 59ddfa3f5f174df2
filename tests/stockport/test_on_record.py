"""What happened stays on record, also where somebody empties a whole table."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.emptying import emptying

pytestmark = pytest.mark.django_db
ON_RECORD = {
    "accounts_auditevent",
    "accounts_auditseal",
    "django_admin_log",
    "street_reports_act",
    "street_reports_export",
    "street_reports_update",
}


def with_trigger(event: int) -> set[str]:
    """The tables whose rows stay when this happens: a bit of PostgreSQL's pg_trigger.tgtype."""
    query = """
        SELECT tgrelid::regclass::text FROM pg_trigger
        WHERE tgfoid = 'stays_on_record'::regproc AND tgtype & %s <> 0
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [event])
        return {row[0] for row in cursor}


def test_each_table_that_refuses_deletes_refuses_to_be_emptied() -> None:
    assert with_trigger(8) == with_trigger(32) == ON_RECORD


@pytest.mark.parametrize("table", [*sorted(ON_RECORD), "accounts_resident", "outbox_delivery"])
def test_no_statement_empties_it(table: str) -> None:
    """Nor does one that empties what its rows are about."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_negative_control_its_owner_can_switch_the_trigger_off() -> None:
    """Which is why there are seals, too (docs/security.md)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in emptying("accounts_auditevent"):
            cursor.execute(statement)
