"""Form fields for amounts and small numbers, typed as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from stockport.forms import TextInput

POUNDS = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,6})(\.\d{1,2})?", re.ASCII)
DIGITS = re.compile(r"\d{1,2}", re.ASCII)


class PoundsField(forms.CharField):
    """Pounds, with or without £, commas and pence; nothing typed is nothing, where it is optional.

    Gives a Decimal of at most 999,999.99.
    """

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "govuk-input--width-5", "inputmode": "decimal", "spellcheck": "false"}
        super().__init__(widget=TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Decimal:
        """The amount; ValidationError says how to write one."""
        typed = super().clean(value)
        if not typed:
            return Decimal("0.00")
        if not (found := POUNDS.fullmatch(typed)):
            raise ValidationError(f"{self.label} must be an amount in pounds, like 120 or 120.50")
        return Decimal(f"{found[1].replace(',', '')}{found[2] or ''}")


class CountField(forms.CharField):
    """A small whole number in digits; nothing typed is none. Gives an int from 0 to `most`."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        attrs = {"class": "govuk-input--width-2", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(widget=TextInput(attrs=attrs), required=False, **kwargs)

    def clean(self, value: Any) -> int:
        """The number; ValidationError says which ones are possible."""
        typed = super().clean(value)
        if not typed:
            return 0
        if not DIGITS.fullmatch(typed) or int(typed) > self.most:
            raise ValidationError(f"{self.label} must be a number from 0 to {self.most}")
        return int(typed)
