"""Somebody has lost phone and codes, or pretends to be somebody who has."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import privacy, tasks
from accounts.models import AuditEvent, Resident, SecondStepRemoval
from accounts.models.removal import SecondStepRemovalQuerySet
from accounts.second_step.removing import ask_to_remove, keep_second_step, remove_due
from stockport.outbox.models import Delivery
from tests.accounts.totp import code_at
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.factories.passkeys import make_passkey
from tests.waiting import eventually, somebody_waits_for_a_lock

RESIDENTS = reverse("admin:accounts_resident_changelist")
WAITING = reverse("admin:accounts_secondstepremoval_changelist")
SIGN_IN = reverse("account_login")
ASKED, STOPPED, REMOVED = (
    "We are going to remove the second step of your account",
    "The second step of your account stays",
    "We removed the second step of your account",
)


@pytest.fixture
def secret(verified: Resident) -> str:
    """Of the app that the resident uses as a second step."""
    made: str = generate_totp_secret()
    TOTP.activate(verified, made)
    return made


@pytest.fixture
def staff(db: None) -> Resident:
    return ResidentFactory.create(staff=True)


@pytest.fixture
def asked(portal: PortalClient, staff: Resident, verified: Resident, secret: str) -> str:
    """Staff asked for it: the link that the resident was sent."""
    ask_in_the_admin(portal, staff, verified)
    return link_sent()


def ask_in_the_admin(portal: PortalClient, staff: Resident, resident: Resident) -> str:
    """What the admin says to it."""
    portal.sign_in(staff)
    data = {"action": "remove_second_step", "_selected_action": [resident.pk]}
    page = portal.post(RESIDENTS, data, follow=True).content.decode()
    portal.logout()
    return page


def link_sent() -> str:
    body = Delivery.objects.get(payload__subject=ASKED).payload["body"]
    [path] = re.findall(r"/account/second-step/keep/\w+/", body)
    return str(path)


def titles() -> list[str]:
    return list(Delivery.objects.order_by("created_at").values_list("payload__subject", flat=True))


def events() -> list[str]:
    kinds = ("step_lost", "step_kept", "step_lost_removed")
    found = AuditEvent.objects.filter(kind__in=kinds).order_by("pk")
    return list(found.values_list("kind", flat=True))


def a_day_later(minutes: int = 1) -> None:
    """What beat has done by then."""
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=minutes), tick=False):
        tasks.remove_second_steps()


def has_second_step(resident: Resident) -> bool:
    return Authenticator.objects.filter(user=resident).exists()


def test_it_is_removed_a_day_after_staff_were_told_and_not_before(
    portal: PortalClient, verified: Resident, asked: str
) -> None:
    a_day_later(minutes=-2)
    assert has_second_step(verified)

    a_day_later()
    assert not has_second_step(verified)
    assert titles() == [ASKED, REMOVED]
    assert events() == ["step_lost", "step_lost_removed"]
    assert not SecondStepRemoval.objects.exists()
    answer = portal.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    assert answer.url == reverse("home:dashboard")


def test_staff_read_what_will_happen_and_it_is_on_record_that_they_asked(
    portal: PortalClient, staff: Resident, verified: Resident, secret: str
) -> None:
    page = ask_in_the_admin(portal, staff, verified)
    assert "1 to be removed in 24 hours. Each was told by e-mail." in page
    event = AuditEvent.objects.get(kind="step_lost")
    assert (event.resident, event.actor) == (verified, staff)


def test_who_asks_twice_makes_nothing_come_sooner_and_no_second_e_mail(
    portal: PortalClient, staff: Resident, verified: Resident, asked: str
) -> None:
    assert "0 to be removed" in ask_in_the_admin(portal, staff, verified)
    assert titles() == [ASKED]


def test_nothing_is_asked_for_who_has_no_second_step(
    portal: PortalClient, staff: Resident, verified: Resident
) -> None:
    assert "0 to be removed" in ask_in_the_admin(portal, staff, verified)
    assert titles() == []
    assert not SecondStepRemoval.objects.exists()


def test_link_in_the_e_mail_stops_it_without_signing_in(
    portal: PortalClient, verified: Resident, asked: str
) -> None:
    page = portal.get(asked).page
    assert page.h1 == "Keep your second step"
    assert has_second_step(verified)
    assert SecondStepRemoval.objects.exists(), "programs that look at e-mails follow links"

    answer = portal.post(asked, follow=True)
    assert "Your second step stays" in answer.page.html
    a_day_later()
    assert has_second_step(verified)
    assert titles() == [ASKED, STOPPED]
    assert events() == ["step_lost", "step_kept"]


def test_page_of_the_link_tells_nobody_whose_account_it_is(
    portal: PortalClient, verified: Resident, asked: str
) -> None:
    answer = portal.get(asked)
    assert verified.email not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("end", ["stopped", "removed", "never sent"])
def test_link_that_has_nothing_to_stop_says_so(portal: PortalClient, asked: str, end: str) -> None:
    if end == "stopped":
        portal.post(asked)
    elif end == "removed":
        a_day_later()
    else:
        asked = reverse("accounts:keep_second_step", args=["f" * 64])
    sent = titles()
    assert portal.get(asked).page.h1 == "This link no longer works"
    assert portal.post(asked).page.h1 == "This link no longer works"
    assert titles() == sent


def test_link_is_stored_as_a_hash_alone(asked: str) -> None:
    secret = asked.rstrip("/").rpartition("/")[2]
    assert len(secret) == 64
    assert secret not in str(list(SecondStepRemoval.objects.values()))


def test_second_step_that_is_used_is_not_lost(
    portal: PortalClient, verified: Resident, secret: str, asked: str
) -> None:
    portal.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    assert SecondStepRemoval.objects.exists(), "a password alone proves nothing"
    portal.post(reverse("mfa_authenticate"), {"code": code_at(secret, timezone.now())})
    portal.post(reverse("mfa_trust"), {"action": "no"})
    a_day_later()
    assert has_second_step(verified)
    assert STOPPED in titles()
    assert REMOVED not in titles()


def test_one_that_is_set_up_meanwhile_stays(sure: PortalClient, verified: Resident) -> None:
    make_passkey(verified)
    assert ask_to_remove(resident=verified, by=verified)
    Authenticator.objects.filter(user=verified).delete()
    secret = sure.get(reverse("mfa_activate_totp")).page.select(".portal-key")[0].text
    answer = sure.post(reverse("mfa_activate_totp"), {"code": code_at(secret, timezone.now())})
    assert answer.status_code == 302, answer.page.html
    a_day_later()
    assert has_second_step(verified)


def test_staff_see_what_waits_and_stop_it(
    portal: PortalClient, staff: Resident, verified: Resident, asked: str
) -> None:
    portal.sign_in(staff)
    assert verified.email in portal.get(WAITING).content.decode()
    removal = SecondStepRemoval.objects.get()
    data = {"action": "keep", "_selected_action": [removal.pk]}
    page = portal.post(WAITING, data, follow=True).content.decode()
    assert "1 not removed. Each was told by e-mail." in page
    assert AuditEvent.objects.get(kind="step_kept").actor == staff


def test_what_was_turned_off_meanwhile_needs_no_removal(verified: Resident, asked: str) -> None:
    Authenticator.objects.filter(user=verified).delete()
    a_day_later()
    assert titles() == [ASKED]
    assert not SecondStepRemoval.objects.exists()


def test_it_is_in_the_download_and_goes_with_the_account(verified: Resident, asked: str) -> None:
    [row] = dict(privacy.own_data(verified))["second_steps_to_be_removed"]
    assert row["asked_at"] == SecondStepRemoval.objects.get().asked_at
    privacy.close_account(resident=verified)
    assert not SecondStepRemoval.objects.exists()


def test_resident_reads_of_it_under_their_account(portal: PortalClient, verified: Resident) -> None:
    make_passkey(verified)
    ask_to_remove(resident=verified, by=verified)
    portal.sign_in(verified)
    html = portal.get(reverse("accounts:looked")).page.html
    assert "Council staff were told that you have lost your second step" in html


@pytest.mark.parametrize("link", ["", "secret", "F" * 64])
def test_database_refuses_a_link_that_is_no_hash(resident: Resident, link: str) -> None:
    name = "accounts_secondstepremoval_link_hashed"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SecondStepRemoval.objects.create(resident=resident, link=link)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
def test_what_is_being_stopped_is_not_removed(
    resident: Resident, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock the removal waits for the one that stops it, and then goes on."""
    make_passkey(resident)
    ask_to_remove(resident=resident, by=resident)
    if not guarded:
        unlocked: Callable[..., Any] = lambda rows, **how: rows  # noqa: E731
        monkeypatch.setattr(SecondStepRemovalQuerySet, "select_for_update", unlocked)

    def remove() -> int:
        try:
            return remove_due(timezone.now() + timedelta(hours=25))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert keep_second_step(resident=resident)
            removing = pool.submit(remove)
            eventually(lambda: removing.done() or somebody_waits_for_a_lock())
        assert removing.result() == (0 if guarded else 1)
    assert has_second_step(resident) is guarded
