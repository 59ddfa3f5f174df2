"""A forgotten password: a link that works once, for an hour."""

from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Resident
from tests.accounts.mail import last_mail_to, link_sent_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD

RESET, SIGN_IN = reverse("account_reset_password"), reverse("account_login")
NEW = "purple otter teapot"


def link_for(resident: Resident) -> str:
    assert PortalClient().post(RESET, {"email": resident.email}).status_code == 302
    return link_sent_to(resident.email)


def choose(client: PortalClient, link: str, password: str = NEW) -> PortalClient:
    """Follow the link and choose the password; gives the client, its last page on `page`."""
    client.last = client.get(link, follow=True)
    if client.last.page.h1 == "Choose a new password":
        address = client.last.request["PATH_INFO"]
        client.last = client.post(address, {"password1": password}, follow=True)
    return client


def can_sign_in(resident: Resident, password: str) -> bool:
    data = {"login": resident.email, "password": password}
    return bool(PortalClient().post(SIGN_IN, data).status_code == 302)


def test_resident_chooses_a_new_password(portal: PortalClient, verified: Resident) -> None:
    page = choose(portal, link_for(verified)).last.page
    assert page.h1 == "Sign in"
    assert page.text(".govuk-notification-banner__heading") == "Your password has been changed."
    assert can_sign_in(verified, NEW)
    assert not can_sign_in(verified, PASSWORD)


def test_resident_is_told_that_the_password_was_changed(
    portal: PortalClient, verified: Resident
) -> None:
    choose(portal, link_for(verified))
    assert last_mail_to(verified.email)["subject"] == "Your password has been changed"


def test_link_names_our_own_address_whatever_host_was_asked(
    verified: Resident, settings: Settings
) -> None:
    settings.SITE_URL = "https://my.council.example"
    PortalClient().post(RESET, {"email": verified.email}, HTTP_HOST="127.0.0.1")
    assert "https://my.council.example/account/password/" in last_mail_to(verified.email)["body"]


def test_key_is_not_left_in_the_address_bar(portal: PortalClient, verified: Resident) -> None:
    link = link_for(verified)
    landed = portal.get(link, follow=True).request["PATH_INFO"]
    assert landed.endswith("-set-password/")
    assert link.rstrip("/").rsplit("-", 1)[1] not in landed


def test_link_works_once(portal: PortalClient, verified: Resident) -> None:
    link = link_for(verified)
    choose(portal, link)
    assert choose(PortalClient(), link).last.page.h1 == "This link no longer works"


def test_link_works_for_an_hour(portal: PortalClient, verified: Resident) -> None:
    link = link_for(verified)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert choose(portal, link).last.page.h1 == "This link no longer works"


def test_link_that_ends_while_the_form_is_open_says_so_and_nothing_else(
    portal: PortalClient, verified: Resident
) -> None:
    form = portal.get(link_for(verified), follow=True).request["PATH_INFO"]
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        page = portal.post(form, {"password1": ""}).page
    assert page.h1 == "This link no longer works"
    assert not page.title.startswith("Error")


def test_link_dies_when_the_e_mail_address_changes(
    portal: PortalClient, verified: Resident
) -> None:
    link = link_for(verified)
    verified.emailaddress_set.update(email="new@example.org")
    Resident.objects.filter(pk=verified.pk).update(email="new@example.org")
    assert choose(portal, link).last.page.h1 == "This link no longer works"


def test_made_up_link_says_what_to_do(portal: PortalClient, db: None) -> None:
    page = portal.get("/account/password/reset/zz9-made-up/").page
    assert page.h1 == "This link no longer works"


def test_easy_password_is_refused(portal: PortalClient, verified: Resident) -> None:
    page = choose(portal, link_for(verified), "Sunshine12345").last.page
    assert page.errors == ["Choose a password that is harder to guess, such as three random words"]


def test_reset_signs_out_other_devices(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    choose(PortalClient(), link_for(verified))
    assert portal.get(reverse("accounts:index")).status_code == 302


def test_reset_lifts_the_lock_of_too_many_tries(verified: Resident) -> None:
    for _ in range(6):
        can_sign_in(verified, "wrong horse battery")
    choose(PortalClient(), link_for(verified))
    assert can_sign_in(verified, NEW)


def test_link_that_a_stranger_had_sent_lets_the_owner_in_while_no_more_are_sent(
    verified: Resident,
) -> None:
    """Strangers can use up the links of an hour; each is in the owner's mailbox, and works."""
    sent = [PortalClient().post(RESET, {"email": verified.email}).status_code for _ in range(6)]
    assert sent[-1] == 429
    choose(PortalClient(), link_sent_to(verified.email))
    assert can_sign_in(verified, NEW)
