"""Which passwords are refused: at sign-up, at a change and at a reset alike."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Resident

ADA = Resident(email="ada.lovelace@analytical.example")
SHORT = "Your password must be 12 characters or more"
COMMON = "Choose a password that is harder to guess, such as three random words"
OURS = "Choose a password without your e-mail address or words like “council”"


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
