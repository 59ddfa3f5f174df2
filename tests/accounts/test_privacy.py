"""A copy of one's data, and the end of an account."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import privacy
from accounts.models import PersonLink, Resident
from stockport.outbox.actions import send_email
from stockport.outbox.models import Delivery
from stockport.services import services
from tests.accounts.mail import last_mail_to, mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, PersonLinkFactory, ResidentFactory

CLOSE, DATA = reverse("accounts:close"), reverse("accounts:data")
DOWNLOAD, CLOSED = reverse("accounts:download"), reverse("accounts:closed")
KEPT = "Your payments: Limitation Act 1980, section 9, until 5 April 2033"


@pytest.fixture
def only(settings: Settings) -> Iterator[Callable[..., None]]:
    """Have these services and no others."""

    def have(*names: str) -> None:
        settings.SERVICES = [f"tests.accounts.services.{name}" for name in names]
        services.cache_clear()

    yield have
    services.cache_clear()


def test_export_has_what_is_held_here_and_in_every_service(
    verified: Resident, only: Callable[..., None]
) -> None:
    only("keeps")
    link = PersonLinkFactory(resident=verified)
    send_email(to=verified.email, subject="Hello", body="Hello", resident=verified)
    copy = json.loads(json.dumps(privacy.export(verified), cls=DjangoJSONEncoder))
    account, kept = copy["sections"]
    assert account["data"]["account"][0]["email"] == verified.email
    assert account["data"]["email_addresses"][0]["verified"] is True
    assert account["data"]["people"][0]["reference"] == link.person.reference
    assert account["data"]["links"][0]["method"] == "staff"
    assert [message["kind"] for message in account["data"]["messages"]] == ["email"]
    assert kept == {
        "title": "Keeps",
        "data": {"rows": [{"email": verified.email, "amount": "1.10"}]},
    }


def test_export_has_nothing_of_anybody_else(resident: Resident, only: Callable[..., None]) -> None:
    only()
    other = PersonLinkFactory()
    send_email(to=other.resident.email, subject="x", body="x", resident=other.resident)
    copy = json.dumps(privacy.export(resident), cls=DjangoJSONEncoder)
    assert other.resident.email not in copy
    assert other.person.reference not in copy


def test_closing_deletes_what_names_the_resident(
    verified: Resident, only: Callable[..., None]
) -> None:
    only("keeps")
    email = verified.email
    PersonLinkFactory(resident=verified)
    send_email(to=email, subject="Your code", body="123456")
    privacy.close_account(resident=verified)
    verified.refresh_from_db()
    assert email not in str(vars(verified))
    assert not verified.is_active
    assert not verified.has_usable_password()
    assert timezone.now() - verified.closed_at < timedelta(minutes=1)
    assert not verified.emailaddress_set.exists()
    assert not PersonLink.objects.exists()
    assert [mail["subject"] for mail in mails_to(email)] == ["Your account is closed"]


def test_resident_is_told_what_is_kept_why_and_until_when(
    verified: Resident, only: Callable[..., None]
) -> None:
    only("keeps")
    email = verified.email
    kept = privacy.close_account(resident=verified)
    assert [privacy.sentence(entry) for entry in kept] == [KEPT]
    assert f"- {KEPT}\n" in last_mail_to(email)["body"]


def test_service_that_fails_leaves_everything_untouched(
    verified: Resident, only: Callable[..., None]
) -> None:
    only("keeps", "fails")
    PersonLinkFactory(resident=verified)
    with pytest.raises(RuntimeError):
        privacy.close_account(resident=verified)
    assert Resident.objects.get(pk=verified.pk).is_active
    assert verified.emailaddress_set.count() == PersonLink.objects.count() == 1
    assert not Delivery.objects.exists()


def test_closing_leaves_others_untouched(verified: Resident, only: Callable[..., None]) -> None:
    only()
    other = PersonLinkFactory().resident
    send_email(to=other.email, subject="x", body="x", resident=other)
    privacy.close_account(resident=verified)
    assert Resident.objects.get(pk=other.pk).is_active
    assert PersonLink.objects.count() == len(mails_to(other.email)) == 1


def test_resident_can_sign_up_again(verified: Resident, only: Callable[..., None]) -> None:
    only()
    email = verified.email
    privacy.close_account(resident=verified)
    again = ResidentFactory(email=email)
    assert again.pk != verified.pk


@pytest.mark.parametrize("url", [CLOSE, DATA, DOWNLOAD])
def test_password_is_asked_for_first(portal: PortalClient, resident: Resident, url: str) -> None:
    portal.sign_in(resident)
    assert portal.get(url)["Location"].startswith(reverse("account_reauthenticate"))
    assert portal.post(url)["Location"].startswith(reverse("account_reauthenticate"))
    resident.refresh_from_db()
    assert resident.is_active


def test_resident_downloads_everything_as_a_file(sure: PortalClient) -> None:
    assert sure.get(DATA).page.h1 == "Download my data"
    answer = sure.get(DOWNLOAD)
    assert answer["Content-Type"] == "application/json"
    day = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="my-account-{day}.json"'
    titles = [section["title"] for section in answer.json()["sections"]]
    assert titles == ["Account", *(service.title for service in services())]


def test_account_is_not_closed_without_the_tick(sure: PortalClient, verified: Resident) -> None:
    assert sure.get(CLOSE).page.h1 == "Close my account"
    page = sure.post(CLOSE, {}).page
    assert page.errors == ["Tick the box to close your account"]
    verified.refresh_from_db()
    assert verified.is_active


def test_resident_closes_the_account(sure: PortalClient, verified: Resident) -> None:
    email = verified.email
    answer = sure.post(CLOSE, {"sure": "on"}, follow=True)
    assert answer.request["PATH_INFO"] == CLOSED
    assert answer.page.h1 == "Your account is closed"
    assert sure.get(reverse("accounts:index")).status_code == 302
    sign_in = {"login": email, "password": PASSWORD}
    assert PortalClient().post(reverse("account_login"), sign_in).status_code == 200


def test_page_after_closing_is_for_nobody_else(portal: PortalClient) -> None:
    assert portal.get(CLOSED)["Location"] == reverse("home:start")
