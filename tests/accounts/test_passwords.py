"""Which passwords are refused: at sign-up, at a change and at a reset alike."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Resident
from stockport.settings import accounts as ours
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD

ADA = Resident(email="ada.lovelace@analytical.example")
SHORT = "Your password must be 12 characters or more"
COMMON = "Choose a password that is harder to guess, such as three random words"
OURS = "Choose a password without your e-mail address or words like “council”"


def test_password_is_stored_as_argon2id_and_an_older_hash_is_renewed_at_sign_in(
    portal: PortalClient, verified: Resident, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    verified.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    verified.save()
    portal.post(reverse("account_login"), {"login": verified.email, "password": PASSWORD})
    verified.refresh_from_db()
    assert verified.password.startswith("argon2$argon2id$")
    assert verified.check_password(PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        "purple otter teapot",
        "correct horse battery",
        "twelve chars",
        "stockport purple otter",
        "ñandú düne çay",
        "x7#kQ92!vbTz",
        "lovelace and the engine",
        "word " * 800,
    ],
)
def test_password_is_taken(password: str) -> None:
    validate_password(password, ADA)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("purple otte", SHORT),
        ("sunshine", SHORT),
        ("Sunshine12345", COMMON),
        ("QWERTYUIOP2026!", COMMON),
        ("iloveyou!!!!!", COMMON),
        ("administrator", COMMON),
        ("123456789012", COMMON),
        ("2026-11-23 10:02", COMMON),
        ("aaaaaaaaaaaa", COMMON),
        ("abababababab", COMMON),
        ("StockportCouncil", OURS),
        ("stockport-council-2026", OURS),
        ("Council Tax 2026!", OURS),
        ("mystockportbins", OURS),
        ("password password", OURS),
        ("ada.lovelace1815", OURS),
        ("AdaLovelace!!", OURS),
        ("analytical1843!", OURS),
    ],
)
def test_password_is_refused_and_the_resident_told_why(password: str, why: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, ADA)
    assert refusal.value.messages[0] == why
