"""The second step of signing in: a code from an app, or one that was written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident, SecondStepRemoval
from stockport.outbox.models import Delivery
from tests.accounts.totp import code_at
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

SIGN_IN, ACCOUNT = reverse("account_login"), reverse("accounts:index")
SET_UP, CODE = reverse("mfa_activate_totp"), reverse("mfa_authenticate")
REMEMBER = reverse("mfa_trust")
AGAIN, CODES = reverse("mfa_reauthenticate"), reverse("mfa_view_recovery_codes")
CONFIRM, ADMIN = reverse("account_reauthenticate"), reverse("admin:index")


def give_password(portal: PortalClient, resident: Resident):
    return portal.post(SIGN_IN, {"login": resident.email, "password": PASSWORD})


def set_up(portal: PortalClient, resident: Resident) -> tuple[str, list[str]]:
    """The secret in the app, and the recovery codes written down."""
    give_password(portal, resident)
    portal.post(CONFIRM, {"password": PASSWORD})
    secret = portal.get(SET_UP).page.select(".portal-key")[0].text
    answer = portal.post(SET_UP, {"code": code_at(secret, timezone.now())})
    assert answer.url == CODES
    codes = [item.text for item in portal.get(CODES).page.select(".portal-codes li")]
    portal.post(reverse("account_logout"))
    return secret, codes


@pytest.fixture
def secured(portal: PortalClient, verified: Resident) -> tuple[str, list[str]]:
    return set_up(portal, verified)


def enter(portal: PortalClient, code: str, *, remember: bool = False) -> None:
    """The right code, and whether to remember this device."""
    assert portal.post(CODE, {"code": code}).url == REMEMBER
    portal.post(REMEMBER, {"action": "trust" if remember else "no"})


def wrong(secret: str) -> str:
    """A code that is not one of the three that are right now."""
    near = {code_at(secret, timezone.now() + timedelta(seconds=s)) for s in (-30, 0, 30)}
    return next(code for code in ("000001", "000002", "000003", "000004") if code not in near)


def titles() -> list[str]:
    return list(Delivery.objects.order_by("created_at").values_list("payload__subject", flat=True))


def test_apps_code_is_that_of_the_standard():
    # RFC 6238, appendix B, the last six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_at(secret, datetime(2005, 3, 18, 1, 58, 29, tzinfo=UTC)) == "081804"


def test_password_alone_no_longer_signs_in(portal, verified, secured):
    assert give_password(portal, verified).url == CODE
    assert portal.get(ACCOUNT).status_code == 302


def test_password_and_code_sign_in(portal, verified, secured):
    secret, _ = secured
    give_password(portal, verified)
    assert portal.get(CODE).page.h1 == "Enter a code to sign in"
    enter(portal, code_at(secret, timezone.now()))
    assert "Second step" in portal.get(ACCOUNT).page.text("main")


def test_code_of_a_phone_whose_clock_is_half_a_minute_off_is_taken(portal, verified, secured):
    secret, _ = secured
    give_password(portal, verified)
    late = timezone.now() - timedelta(seconds=30)
    assert portal.post(CODE, {"code": code_at(secret, late)}).status_code == 302


def test_code_works_once(portal, verified, secured):
    secret, _ = secured
    code = code_at(secret, timezone.now())
    give_password(portal, verified)
    portal.post(CODE, {"code": code})
    other = PortalClient()
    give_password(other, verified)
    assert other.post(CODE, {"code": code}).page.errors == [
        "The code is not right. Enter the newest one that your app shows"
    ]


def test_recovery_code_works_once_and_is_shown_once(portal, verified, secured):
    _, codes = secured
    assert len(set(codes)) == 10
    give_password(portal, verified)
    enter(portal, codes[0])
    portal.post(CONFIRM, {"password": PASSWORD})
    page = portal.get(CODES).page
    assert "You have 9 left" in page.text("main")
    assert not any(code in page.html for code in codes)
    other = PortalClient()
    give_password(other, verified)
    assert other.post(CODE, {"code": codes[0]}).status_code == 200


def test_new_recovery_codes_end_the_old_ones(portal, verified, secured):
    _, codes = secured
    give_password(portal, verified)
    enter(portal, codes[0])
    portal.post(CONFIRM, {"password": PASSWORD})
    portal.post(reverse("mfa_generate_recovery_codes"))
    new = [item.text for item in portal.get(CODES).page.select(".portal-codes li")]
    assert not set(new) & set(codes)
    other = PortalClient()
    give_password(other, verified)
    assert other.post(CODE, {"code": codes[1]}).status_code == 200
    assert other.post(CODE, {"code": new[1]}).status_code == 302


def test_wrong_codes_are_limited_and_the_right_one_then_gets_the_same_answer(
    portal, verified, secured
):
    secret, _ = secured
    give_password(portal, verified)
    for _ in range(5):
        assert portal.post(CODE, {"code": wrong(secret)}).status_code == 200
    answer = portal.post(CODE, {"code": code_at(secret, timezone.now())})
    assert "too many tries" in answer.page.errors[0]
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        give_password(portal, verified)
        assert portal.post(CODE, {"code": code_at(secret, timezone.now())}).status_code == 302


def test_reset_of_the_password_does_not_skip_the_second_step(portal, verified, secured):
    verified.set_password("another horse battery")
    verified.save()
    answer = portal.post(SIGN_IN, {"login": verified.email, "password": "another horse battery"})
    assert answer.url == CODE


def test_device_that_is_remembered_needs_no_code_for_thirty_days(portal, verified, secured):
    secret, _ = secured
    give_password(portal, verified)
    enter(portal, code_at(secret, timezone.now()), remember=True)
    portal.post(reverse("account_logout"))
    assert give_password(portal, verified).url == reverse("home:dashboard")
    assert give_password(PortalClient(), verified).url == CODE
    portal.post(reverse("account_logout"))
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert give_password(portal, verified).url == CODE


def test_device_that_was_remembered_is_not_after_a_change_of_password(portal, verified, secured):
    secret, _ = secured
    give_password(portal, verified)
    enter(portal, code_at(secret, timezone.now()), remember=True)
    portal.post(reverse("account_logout"))
    verified.set_password("another horse battery")
    verified.save()
    answer = portal.post(SIGN_IN, {"login": verified.email, "password": "another horse battery"})
    assert answer.url == CODE


def test_setting_up_asks_for_the_password_first(portal, verified):
    with time_machine.travel(timezone.now() - timedelta(minutes=10)):
        give_password(portal, verified)
    assert portal.get(SET_UP).url.startswith(CONFIRM)


def test_wrong_first_code_keeps_the_key(portal, verified):
    give_password(portal, verified)
    portal.post(CONFIRM, {"password": PASSWORD})
    secret = portal.get(SET_UP).page.select(".portal-key")[0].text
    page = portal.post(SET_UP, {"code": wrong(secret)}).page
    assert page.select(".portal-key")[0].text == secret
    assert page.errors == ["The code is not right. Enter the newest one that your app shows"]
    assert portal.post(SET_UP, {}).page.errors == ["Enter the code"]


@pytest.mark.django_db(transaction=True)
def test_resident_is_told_by_e_mail_of_every_change(portal, verified, secured):
    _, codes = secured
    assert "A second step was set up for your account" in titles()
    give_password(portal, verified)
    enter(portal, codes[0])
    portal.post(CONFIRM, {"password": PASSWORD})
    portal.post(reverse("mfa_generate_recovery_codes"))
    portal.post(reverse("mfa_deactivate_totp"))
    assert titles()[-2:] == [
        "New recovery codes were made for your account",
        "The second step of your account was turned off",
    ]
    portal.post(reverse("account_logout"))
    assert give_password(portal, verified).url == reverse("home:dashboard")


def test_neither_secret_nor_codes_can_be_read_in_the_database(secured):
    secret, codes = secured
    stored = str(list(Authenticator.objects.values()))
    assert secret not in stored
    assert not any(code in stored for code in codes)


class TestStaff:
    """No page of the admin without it."""

    @pytest.fixture
    def staff(self) -> Resident:
        made = ResidentFactory(staff=True)
        made.emailaddress_set.create(email=made.email, verified=True, primary=True)
        return made

    def test_staff_with_a_password_alone_are_led_to_set_it_up(self, portal, staff):
        give_password(portal, staff)
        answer = portal.get(ADMIN)
        assert answer.url.startswith(SET_UP)
        page = portal.get(answer.url, follow=True).page
        assert "Staff sign in with a second step" in page.html

    @pytest.mark.parametrize(
        "name",
        ["admin:index", "admin:jsi18n", "admin:app_list", "admin:accounts_resident_changelist"],
    )
    def test_not_one_page_opens_without_it(self, portal, staff, name):
        give_password(portal, staff)
        args = ["accounts"] if name == "admin:app_list" else []
        assert portal.get(reverse(name, args=args)).status_code == 302

    def test_admin_opens_after_the_code(self, portal, staff):
        secret, _ = set_up(portal, staff)
        give_password(portal, staff)
        portal.post(CODE, {"code": code_at(secret, timezone.now())})
        assert portal.get(ADMIN).status_code == 200

    def test_staff_who_have_just_set_it_up_enter_a_code_and_are_in(self, portal, staff):
        give_password(portal, staff)
        portal.post(CONFIRM, {"password": PASSWORD})
        secret = portal.get(SET_UP).page.select(".portal-key")[0].text
        code = code_at(secret, timezone.now())
        portal.post(SET_UP, {"code": code})
        answer = portal.get(ADMIN)
        assert answer.url == f"{AGAIN}?next=%2Fadmin%2F"
        assert portal.post(answer.url, {"code": code}).url == ADMIN
        assert portal.get(ADMIN).status_code == 200

    def test_resident_still_finds_no_admin(self, portal, verified):
        give_password(portal, verified)
        assert portal.get(ADMIN).status_code in (302, 403)
        assert not portal.get(ADMIN).headers.get("Location", "").startswith(SET_UP)

    def test_idle_staff_are_signed_out_after_a_quarter_of_an_hour(self, portal, staff):
        portal.sign_in(staff)
        start = timezone.now()
        with time_machine.travel(start + timedelta(minutes=14)):
            assert portal.get(ADMIN).status_code == 200
        with time_machine.travel(start + timedelta(minutes=30)):
            assert portal.get(ADMIN).url.startswith(reverse("admin:login"))

    def test_busy_staff_are_signed_out_after_ten_hours(self, portal, staff):
        portal.sign_in(staff)
        start = timezone.now()
        for minutes in range(0, 10 * 60, 14):
            with time_machine.travel(start + timedelta(minutes=minutes)):
                assert portal.get(ADMIN).status_code == 200
        with time_machine.travel(start + timedelta(hours=10, minutes=1)):
            assert portal.get(ADMIN).url.startswith(reverse("admin:login"))

    def test_only_a_superuser_removes_it_from_staff(self, portal, staff):
        set_up(portal, staff)
        clerk = ResidentFactory(is_staff=True)
        portal.sign_in(clerk)
        clerk.user_permissions.set(permissions("accounts"))
        data = {"action": "remove_second_step", "_selected_action": [staff.pk]}
        portal.post(reverse("admin:accounts_resident_changelist"), data)
        assert not SecondStepRemoval.objects.exists()
        portal.sign_in(ResidentFactory(staff=True))
        portal.post(reverse("admin:accounts_resident_changelist"), data)
        assert SecondStepRemoval.objects.for_resident(staff).exists()


def permissions(app: str):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label=app)
