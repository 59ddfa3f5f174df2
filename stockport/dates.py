"""The date field: three boxes, month names understood, and errors that name the part at fault."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from stockport.widgets import DateInput, DateParts

MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}


class DateField(forms.Field):
    """A date as day, month and year; "Mar" and "march" count as 3.

    `noun` starts the messages where the label is a question: DateField(label="When did it
    happen?", noun="The date"). Wording: GOV.UK Design System, date input, error messages.
    Raises ValidationError whose params["parts"] names the boxes at fault.
    """

    widget = DateInput

    def __init__(self, *, noun: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noun = noun

    def to_python(self, value: Any) -> date | None:
        """The date that was typed, or None for nothing."""
        if value in self.empty_values or value == DateParts("", "", ""):
            return None
        if isinstance(value, date):
            return value
        self._refuse_missing(value)
        if not re.fullmatch(r"[0-9]{4}", value.year):
            raise self._error("Year must include 4 numbers", "invalid", "year")
        day, month = _number(value.day, 31), _month(value.month)
        wrong = [part for part, number in (("day", day), ("month", month)) if not number]
        try:
            return date(int(value.year), month, day)
        except ValueError:
            # 31 February: either may be meant, so all three boxes are marked.
            parts = wrong or DateInput.PARTS
            raise self._error(f"{self._noun()} must be a real date", "invalid", *parts) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another date was typed than the page showed."""
        if self.disabled:
            return False
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True

    def _refuse_missing(self, typed: DateParts) -> None:
        missing = [part for part in DateInput.PARTS if not getattr(typed, part)]
        if missing:
            message = f"{self._noun()} must include a {' and '.join(missing)}"
            raise self._error(message, "incomplete", *missing)

    def _noun(self) -> str:
        label = str(self.label or "")
        return self.noun or ("The date" if label.endswith("?") or not label else label)

    @staticmethod
    def _error(message: str, code: str, *parts: str) -> ValidationError:
        return ValidationError(message, code=code, params={"parts": parts})


def _number(text: str, most: int) -> int:
    """1 to most, or 0 for anything else."""
    number = int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0
    return number if number <= most else 0


def _month(text: str) -> int:
    """1 to 12 for a number or an English name, or 0."""
    return MONTHS.get(text.lower().rstrip("."), 0) or _number(text, 12)
