"""The login that the portal runs with does all that residents and staff ask, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts import chain, privacy, tasks
from accounts.models import AuditEvent, Resident
from council_tax.models import Account
from stockport.feeds.loader import load
from tests import staff_estate
from tests.client import PortalClient
from tests.estate import Estate
from tests.factories.extract import FIRST_NIGHT, borough

pytestmark = pytest.mark.django_db
LACKING = """
    SELECT verb, relname
    FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS verb
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND NOT has_table_privilege(%s, pg_class.oid, verb) ORDER BY 1, 2
"""
REFUSED = {
    "TRUNCATE accounts_auditevent": "permission denied",
    "TRUNCATE council_tax_account CASCADE": "permission denied",
    "ALTER TABLE accounts_auditevent DISABLE TRIGGER ALL": "must be owner",
    "DROP TABLE accounts_auditseal": "must be owner",
    "CREATE TABLE mine (id int)": "permission denied",
    "CREATE ROLE mine": "permission denied",
    "UPDATE django_migrations SET name = ''": "permission denied",
    "COPY accounts_resident TO PROGRAM 'cat'": "must be superuser|permission denied",
    "SELECT pg_read_file('/etc/passwd')": "permission denied",
    "SET session_replication_role = replica": "permission denied",
}


def login() -> str:
    """Its name: logins are the server's, whatever the database."""
    return f"portal_{connection.settings_dict['NAME']}"


def url(name: str, proof: str = "one-of-ours") -> str:
    return f"postgresql://{name}:{proof}@localhost/portal"


@pytest.fixture
def portal_login(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Made by the command, and gone with the test."""
    name = login()
    monkeypatch.setenv("PORTAL_DATABASE_URL", url(name))
    call_command("let_portal_in", stdout=None)
    yield name


@pytest.fixture
def as_portal(portal_login: str) -> Iterator[None]:
    """From here on the connection may do what that login may."""
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{portal_login}"')
        yield
        cursor.execute("RESET ROLE")


def test_every_page_of_a_resident_works(
    resident: Resident, as_portal: None, portal: PortalClient, settings: Settings, tmp_path: Path
) -> None:
    """One of everything is made, shown, and given to the resident; then the account is closed."""
    settings.MEDIA_ROOT = tmp_path
    estate = Estate(resident)
    staff_estate.fill(resident)
    estate.sign_in(portal)
    for address in estate.pages:
        answer = portal.get(str(address))
        b"".join(answer)
        assert answer.status_code < 500, address
    assert privacy.export(resident)
    privacy.close_account(resident=resident)
    assert not Resident.objects.get(pk=resident.pk).is_active


def test_extracts_are_loaded_and_changed(as_portal: None, tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    delta = borough(1, 1)
    delta.kind, delta.since = "delta", FIRST_NIGHT
    load(delta.write(tmp_path / "2"))
    assert Account.objects.count() == 4


def test_what_beat_does_with_accounts_works(resident: Resident, as_portal: None) -> None:
    AuditEvent.objects.create(kind="signed_in", resident=resident)
    for task in (tasks.clear_sessions, tasks.forget_tries, tasks.tell_of_failed_sign_ins):
        task()
    chain.seal(timezone.now() + timedelta(minutes=5))
    assert list(chain.faults()) == []


@pytest.mark.parametrize("statement", REFUSED)
def test_what_takes_an_owner_is_refused(as_portal: None, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=REFUSED[statement]),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_negative_control_the_owner_may(db: None) -> None:
    for statement in list(REFUSED)[2:4]:
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            cursor.execute(statement)
            cursor.execute("ROLLBACK TO SAVEPOINT before")


def test_no_table_is_forgotten(portal_login: str) -> None:
    """Of what migrations ran the portal only reads."""
    with connection.cursor() as cursor:
        cursor.execute(LACKING, [portal_login])
        assert cursor.fetchall() == [
            (verb, "django_migrations") for verb in ("DELETE", "INSERT", "UPDATE")
        ]


def test_made_twice_it_has_the_newer_password(
    portal_login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [portal_login])
            return str(cursor.fetchone()[0])

    before = stored()
    monkeypatch.setenv("PORTAL_DATABASE_URL", url(portal_login, "another"))
    call_command("let_portal_in", stdout=None)
    assert stored() != before
    assert "another" not in stored()


def test_owner_is_no_such_login(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    monkeypatch.setenv("PORTAL_DATABASE_URL", url(owner))
    with pytest.raises(CommandError, match="is a superuser or owns tables"):
        call_command("let_portal_in")


@pytest.mark.parametrize("named", ["", "postgresql://localhost/portal", "postgresql://me@h/p"])
def test_login_without_a_name_or_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", named)
    with pytest.raises(CommandError, match="with a login and its password"):
        call_command("let_portal_in")
