"""No answer tells whether an address has an account: neither what it says nor what it costs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Resident
from tests.accounts.hashing import CountingHasher
from tests.accounts.mail import mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

KNOWN, UNKNOWN = "known@example.org", "unknown@example.org"
SIGN_UP, SIGN_IN = reverse("account_signup"), reverse("account_login")
BY_PASSKEY = reverse("account_signup_by_passkey")
RESET, CODE = reverse("account_reset_password"), reverse("account_email_verification_sent")


@dataclass(frozen=True)
class Answer:
    """What somebody who asks can see of an answer, the address itself masked."""

    status: int
    location: str
    body: str
    cookies: tuple[str, ...]
    hashes: int
    mails: int


@pytest.fixture(autouse=True)
def counting(settings: Settings) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["tests.accounts.hashing.CountingHasher"]
    yield


@pytest.fixture(params=["confirmed", "not confirmed", "stopped"])
def known(request: pytest.FixtureRequest, db: None) -> Resident:
    """A resident in each state that an account can be in."""
    known = ResidentFactory(email=KNOWN, is_active=request.param != "stopped")
    verified = request.param != "not confirmed"
    known.emailaddress_set.create(email=KNOWN, verified=verified, primary=True)
    return known


def ask(client: PortalClient, email: str, url: str, data: dict[str, str]) -> Answer:
    """The answer to a post about this address."""
    before, mails = CountingHasher.hashes, len(mails_to(email))
    response = client.post(url, data)
    body = response.content.decode().replace(email, "ADDRESS")
    return Answer(
        status=response.status_code,
        location=response.get("Location", ""),
        body=re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", body),
        cookies=tuple(sorted(response.cookies)),
        hashes=CountingHasher.hashes - before,
        mails=len(mails_to(email)) - mails,
    )


def page_after(client: PortalClient, email: str) -> str:
    body = client.get(CODE).content.decode().replace(email, "ADDRESS")
    return re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", body)


def sign_up(email: str) -> tuple[Answer, PortalClient]:
    client = PortalClient()
    return ask(client, email, SIGN_UP, {"email": email, "password1": "purple otter teapot"}), client


def test_sign_up_answers_alike_and_hashes_once(known: Resident) -> None:
    (of_known, _), (of_unknown, _) = sign_up(KNOWN), sign_up(UNKNOWN)
    assert of_known == of_unknown
    assert (of_known.hashes, of_known.mails, of_known.location) == (1, 1, CODE)


def test_sign_up_with_a_passkey_answers_alike_and_hashes_nothing(known: Resident) -> None:
    of_known, of_unknown = PortalClient(), PortalClient()
    answer = ask(of_known, KNOWN, BY_PASSKEY, {"email": KNOWN})
    assert answer == ask(of_unknown, UNKNOWN, BY_PASSKEY, {"email": UNKNOWN})
    assert (answer.hashes, answer.mails, answer.location) == (0, 1, CODE)
    assert page_after(of_known, KNOWN) == page_after(of_unknown, UNKNOWN)
    wrong = {"action": "verify", "code": "x"}
    for _ in range(4):
        assert ask(of_known, KNOWN, CODE, wrong) == ask(of_unknown, UNKNOWN, CODE, wrong)


def test_code_page_after_sign_up_is_alike(known: Resident) -> None:
    (_, of_known), (_, of_unknown) = sign_up(KNOWN), sign_up(UNKNOWN)
    assert page_after(of_known, KNOWN) == page_after(of_unknown, UNKNOWN)


def test_wrong_codes_after_sign_up_are_answered_alike(known: Resident) -> None:
    (_, of_known), (_, of_unknown) = sign_up(KNOWN), sign_up(UNKNOWN)
    wrong = {"action": "verify", "code": "x"}
    for _ in range(4):
        assert ask(of_known, KNOWN, CODE, wrong) == ask(of_unknown, UNKNOWN, CODE, wrong)


def test_another_code_after_sign_up_is_answered_alike(known: Resident) -> None:
    (_, of_known), (_, of_unknown) = sign_up(KNOWN), sign_up(UNKNOWN)
    for tries in range(1, 4):
        with time_machine.travel(timezone.now() + timedelta(seconds=30 * tries)):
            known_answer = ask(of_known, KNOWN, CODE, {"action": "resend"})
            unknown_answer = ask(of_unknown, UNKNOWN, CODE, {"action": "resend"})
        # The holder of the address is told once; who asks cannot see the difference.
        assert (known_answer.status, known_answer.location, known_answer.body) == (
            unknown_answer.status,
            unknown_answer.location,
            unknown_answer.body,
        )
        assert page_after(of_known, KNOWN) == page_after(of_unknown, UNKNOWN)


def test_signing_up_again_at_once_is_answered_alike(known: Resident) -> None:
    for _ in range(3):
        assert sign_up(KNOWN)[0] == sign_up(UNKNOWN)[0]


def test_wrong_password_answers_alike_and_hashes_once(known: Resident) -> None:
    wrong = {"password": "wrong horse battery"}
    of_known = ask(PortalClient(), KNOWN, SIGN_IN, wrong | {"login": KNOWN})
    of_unknown = ask(PortalClient(), UNKNOWN, SIGN_IN, wrong | {"login": UNKNOWN})
    assert of_known == of_unknown
    assert (of_known.status, of_known.hashes) == (200, 1)


def test_too_many_wrong_passwords_are_answered_alike(known: Resident) -> None:
    for _ in range(7):
        wrong = {"password": "wrong horse battery"}
        of_known = ask(PortalClient(), KNOWN, SIGN_IN, wrong | {"login": KNOWN})
        assert of_known == ask(PortalClient(), UNKNOWN, SIGN_IN, wrong | {"login": UNKNOWN})
    right = ask(PortalClient(), KNOWN, SIGN_IN, {"login": KNOWN, "password": PASSWORD})
    assert right == of_known


def test_reset_answers_alike_and_hashes_nothing(known: Resident) -> None:
    of_known = ask(PortalClient(), KNOWN, RESET, {"email": KNOWN})
    of_unknown = ask(PortalClient(), UNKNOWN, RESET, {"email": UNKNOWN})
    assert of_known == of_unknown
    assert (of_known.location, of_known.hashes, of_known.mails) == (
        reverse("account_reset_password_done"),
        0,
        1,
    )


def test_changing_to_an_address_in_use_is_answered_alike(known: Resident) -> None:
    answers = []
    for email in (KNOWN, UNKNOWN):
        client, resident = PortalClient(), ResidentFactory()
        resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
        client.sign_in(resident)
        confirm = reverse("account_reauthenticate")
        client.post(f"{confirm}?next={reverse('account_email')}", {"password": PASSWORD})
        answers.append(
            ask(client, email, reverse("account_email"), {"email": email, "action_add": "yes"})
        )
    assert answers[0] == answers[1]
    assert answers[0].location == CODE


def test_negative_control_a_second_hash_is_noticed(known: Resident) -> None:
    """Without the extra hash of ours, signing up would cost a known address nothing."""
    from allauth.account.forms import SignupForm

    form = SignupForm({"email": KNOWN, "password1": "purple otter teapot"})
    before = CountingHasher.hashes
    assert form.is_valid()
    assert form.account_already_exists
    assert CountingHasher.hashes == before
