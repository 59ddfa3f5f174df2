"""What makes a password too easy to guess: short, common, or made of words known here.

Length counts, composition does not: NCSC password guidance and ASVS 5.0, 6.2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
)
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from accounts.models import Resident

SERVICE_WORDS = frozenset(
    [
        "account",
        "appointment",
        "benefit",
        "bins",
        "borough",
        "council",
        "counciltax",
        "letmein",
        "metropolitan",
        "password",
        "qwerty",
        "resident",
        "street",
        "welcome",
    ]
)
SHORTEST_OWN_WORD = 4
SHORTEST_REST = 4


def stem(password: str) -> str:
    """The password without case and without the digits at its end: "Sunshine2026" is "sunshine"."""
    return re.sub(r"[\W\d_]+$", "", password.casefold())


def words_of(email: str) -> set[str]:
    """The parts of an e-mail address that somebody else knows too."""
    local, _, domain = email.casefold().partition("@")
    words = {re.sub(r"\W", "", local), *re.split(r"[\W_\d]+", local), *domain.split(".")}
    return {word for word in words if len(word) >= SHORTEST_OWN_WORD}


def known_words() -> set[str]:
    """What everybody who signs up here would think of first."""
    names = f"{settings.COUNCIL_NAME} {settings.SERVICE_NAME}".casefold().split()
    return {*SERVICE_WORDS, *(name for name in names if len(name) >= SHORTEST_OWN_WORD)}


def rest_without(words: set[str], password: str) -> str:
    """The letters and digits that are left of the stem when these words are taken out of it."""
    rest = re.sub(r"[\W_]+", "", stem(password))
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest


class LongEnough(MinimumLengthValidator):
    """A password has a least length, in characters."""

    def get_error_message(self) -> str:
        """What to do about it."""
        return f"Your password must be {self.min_length} characters or more"


class NotCommon(CommonPasswordValidator):
    """A password, with or without digits at its end, is not one that many people use."""

    def validate(self, password: str, user: Resident | None = None) -> None:
        """Raise ValidationError for a common password, and for digits and symbols alone."""
        base = stem(password)
        if not base or base in self.passwords or len(set(base)) < SHORTEST_REST:
            raise ValidationError(self.get_error_message(), code="password_too_common")
        super().validate(password, user)

    def get_error_message(self) -> str:
        """What to do about it."""
        return "Choose a password that is harder to guess, such as three random words"


class NotGuessableHere:
    """A password is more than the council's words and the resident's own e-mail address."""

    def validate(self, password: str, user: Resident | None = None) -> None:
        """Raise ValidationError where fewer than four characters are the resident's own."""
        words = known_words() | words_of(getattr(user, "email", ""))
        if len(rest_without(words, password)) < SHORTEST_REST:
            raise ValidationError(
                "Choose a password without your e-mail address or words like “council”",
                code="password_guessable_here",
            )

    def get_help_text(self) -> str:
        """How to choose one."""
        return "Use words that have nothing to do with you or the council."
