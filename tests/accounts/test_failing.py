"""Sign-ins that fail: residents read of them, in few lines, and nobody else learns anything."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import chain, failing, privacy
from accounts.models import AuditEvent, FailedSignIn, Resident
from accounts.tasks import tell_of_failed_sign_ins
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

pytestmark = pytest.mark.django_db
SIGN_IN, LOOKED = reverse("account_login"), reverse("accounts:looked")
UNKNOWN = "unknown@example.org"


@pytest.fixture(autouse=True)
def early_in_an_hour() -> Iterator[None]:
    """What a test does is not in two."""
    with time_machine.travel(timezone.now().replace(minute=5)):
        yield


def try_in_vain(email: str) -> list[str]:
    """The statements about failed sign-ins that a wrong password costs."""
    with CaptureQueriesContext(connection) as all_of_them:
        PortalClient().post(SIGN_IN, {"login": email, "password": "wrong horse battery"})
    said = [query["sql"] for query in all_of_them if "failedsignin" in query["sql"]]
    return [sql.split("VALUES")[0] for sql in said]


def an_hour_later() -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        tell_of_failed_sign_ins()


def read_by(resident: Resident) -> str:
    portal = PortalClient()
    portal.sign_in(resident)
    return str(portal.get(LOOKED).page.text("main"))


def test_resident_reads_once_how_often_somebody_tried_in_an_hour(verified: Resident) -> None:
    for email in (verified.email, verified.email.upper(), verified.email):
        try_in_vain(email)
    tell_of_failed_sign_ins()
    assert not AuditEvent.objects.filter(kind="sign_in_failed").exists()
    an_hour_later()
    tell_of_failed_sign_ins()
    [event] = AuditEvent.objects.filter(kind="sign_in_failed")
    assert (event.resident, event.actor, event.detail) == (verified, None, "3")
    words = "Somebody entered a wrong password for your account, 3 times in an hour."
    assert read_by(verified).count(words) == 1
    assert words not in read_by(ResidentFactory())
    assert not FailedSignIn.objects.exists()


def test_account_gets_one_line_an_hour_however_often_it_is_tried(verified: Resident) -> None:
    now = timezone.now().replace(minute=0)
    for minutes in range(0, 180, 7):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            failing.count(verified.email, FailedSignIn.Kind.PASSWORD)
            tell_of_failed_sign_ins()
    failing.tell(now + timedelta(hours=3))
    assert AuditEvent.objects.filter(kind="sign_in_failed").count() == 3


def test_wrong_second_step_tells_that_the_password_is_known(verified: Resident) -> None:
    TOTP.activate(verified, generate_totp_secret())
    portal = PortalClient()
    portal.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    portal.post(reverse("mfa_authenticate"), {"code": "no code"})
    an_hour_later()
    [event] = AuditEvent.objects.exclude(kind="signed_in")
    assert (event.kind, event.detail) == ("second_step_failed", "1")
    assert "a wrong code as your second step, 1 time in an hour." in read_by(verified)


def test_address_without_an_account_costs_the_same_and_is_forgotten(verified: Resident) -> None:
    known, unknown = try_in_vain(verified.email), try_in_vain(UNKNOWN)
    assert known == unknown and len(known) == 1
    assert set(FailedSignIn.objects.values_list("email", "tries")) == {
        (verified.email, 1),
        (UNKNOWN, 1),
    }
    an_hour_later()
    assert AuditEvent.objects.filter(kind="sign_in_failed").count() == 1
    assert not FailedSignIn.objects.exists()


def test_wrong_current_password_of_who_is_signed_in_is_told_too(verified: Resident) -> None:
    portal = PortalClient()
    portal.sign_in(verified)
    wrong = {"oldpassword": "wrong horse battery", "password1": "purple otter teapot"}
    portal.post(reverse("account_change_password"), wrong)
    portal.post(reverse("account_reauthenticate"), {"password": "wrong horse battery"})
    an_hour_later()
    words = "Somebody entered a wrong password for your account, 2 times in an hour."
    assert words in read_by(verified)


def test_right_password_counts_nothing(verified: Resident) -> None:
    PortalClient().post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    assert not FailedSignIn.objects.exists()


def test_tries_that_are_not_looked_at_any_more_are_not_counted(verified: Resident) -> None:
    for _ in range(8):
        try_in_vain(verified.email)
    assert FailedSignIn.objects.get().tries == 5


def test_it_is_sealed_with_the_rest(verified: Resident) -> None:
    try_in_vain(verified.email)
    an_hour_later()
    chain.seal(timezone.now())
    assert list(chain.faults()) == []


def test_what_is_counted_is_in_the_download_and_goes_with_the_account(verified: Resident) -> None:
    try_in_vain(verified.email)
    [row] = dict(privacy.own_data(verified))["failed_sign_ins_of_this_hour"]
    assert (row["kind"], row["tries"]) == ("sign_in_failed", 1)
    privacy.close_account(resident=verified)
    assert not FailedSignIn.objects.exists()


BREAKS = {
    "accounts_failedsignin_one_an_hour": {},
    "accounts_failedsignin_lower_case": {"email": "A@example.org"},
    "accounts_failedsignin_kind_known": {"kind": "luck"},
    "accounts_failedsignin_tried": {"email": "b@example.org", "tries": 0},
}


@pytest.mark.parametrize("name", BREAKS)
def test_database_refuses_what_cannot_be_true(name: str) -> None:
    now = timezone.now()
    right = {"email": "a@example.org", "kind": "sign_in_failed", "hour": now, "last_at": now}
    FailedSignIn.objects.create(**right)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FailedSignIn.objects.create(**right | BREAKS[name])


def test_every_constraint_of_failed_sign_ins_is_tried() -> None:
    assert {constraint.name for constraint in FailedSignIn._meta.constraints} == set(BREAKS)
