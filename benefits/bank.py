"""A bank account as somebody types it, and how much of it a page may show."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from stockport.forms import TextInput

BETWEEN: Final = re.compile(r"[\s\N{EN DASH}-]+")
SORT_CODE: Final = re.compile(r"\d{6}", re.ASCII)
ACCOUNT: Final = re.compile(r"\d{6,8}", re.ASCII)


class SecretField(forms.CharField):
    """What is typed is not written into a page again once it was kept."""

    is_kept = False

    def prepare_value(self, value: Any) -> Any:
        """Nothing, of what was kept."""
        return "" if self.is_kept else super().prepare_value(value)


class DigitsField(SecretField):
    """Digits of one of some lengths, with spaces or hyphens between them as on a bank card."""

    def __init__(self, *, digits: re.Pattern[str], wrong: str, width: int, **kwargs: Any) -> None:
        attrs = {
            "class": f"govuk-input--width-{width}",
            "inputmode": "numeric",
            "spellcheck": "false",
            "autocomplete": "off",
        }
        super().__init__(widget=TextInput(attrs=attrs), max_length=40, **kwargs)
        self.digits, self.wrong = digits, wrong
        self.error_messages["max_length"] = wrong

    def clean(self, value: Any) -> str:
        """The digits alone; ValidationError says how many there must be."""
        typed = BETWEEN.sub("", super().clean(value))
        if not self.digits.fullmatch(typed) or not typed.strip("0"):
            raise ValidationError(self.wrong)
        return typed


def account_number(digits: str) -> str:
    """As banks need it: eight digits, with noughts before a shorter number (Pay.UK)."""
    return digits.zfill(8)


def ending(digits: str) -> str:
    """What a page may show of it."""
    return f"ending {digits[-4:]}"
