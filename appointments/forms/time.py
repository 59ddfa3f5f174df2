"""Choosing a time, under headings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.html import format_html

from appointments import rules
from appointments.availability import Slot
from stockport.forms import (
    GovukForm,
)
from stockport.templatetags.portal import clock, weekday

STAMP = "%Y%m%dT%H%MZ"


def moment_of(stamp: str) -> datetime:
    """The moment, in UTC, that stands in an address or a form; raises ValueError."""
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


class TimeRadios(forms.RadioSelect):
    """Times under headings; the ids are name, name-2, name-3 as the design system has them."""

    template_name = "appointments/times_widget.html"

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        options = [option for _, members, _ in groups for option in members]
        for number, option in enumerate(options, start=1):
            option["id"] = (attrs or {}).get("id", "") + (f"-{number}" if number > 1 else "")
        return groups


def time_label(moment: datetime) -> str:
    """The time on the clock, with its zone where clocks show it twice that night."""
    local = moment.astimezone(rules.LONDON)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{clock(moment)} ({local.tzname()})" if twice else clock(moment)


def _part_of_day(slot: Slot) -> str:
    hour = slot.starts_at.astimezone(rules.LONDON).hour
    return "Morning" if hour < 12 else "Afternoon" if hour < 17 else "Evening"


def _date(slot: Slot) -> str:
    return weekday(slot.starts_at)


class TimeForm(GovukForm):
    """Which of these times, under morning and afternoon or, `by_date`, under their dates."""

    start = forms.CharField(widget=TimeRadios, error_messages={"required": "Select a time"})

    def __init__(
        self,
        data: Any = None,
        *,
        slots: Iterable[Slot],
        place: str,
        question: str,
        by_date: bool = False,
        start: str = "",
    ) -> None:
        super().__init__(data, initial={"start": start})
        heading = _date if by_date else _part_of_day
        choices = [
            (name, [self._choice(slot, place) for slot in group])
            for name, group in groupby(slots, heading)
        ]
        self.fields["start"].label = question
        self.fields["start"].widget = TimeRadios(choices=choices)

    @staticmethod
    def _choice(slot: Slot, place: str) -> tuple[str, str]:
        hidden = f", {weekday(slot.starts_at)}, {place}"
        time = time_label(slot.starts_at)
        label = format_html(
            '{}<span class="govuk-visually-hidden">{}</span>',
            f"{time[:1].upper()}{time[1:]}",
            hidden,
        )
        return f"{slot.starts_at:{STAMP}}", label

    def clean_start(self) -> datetime:
        """The moment that was chosen, in UTC; whether it is still free is for `hold` to say."""
        try:
            return moment_of(self.cleaned_data["start"])
        except ValueError:
            raise forms.ValidationError("Select a time") from None
