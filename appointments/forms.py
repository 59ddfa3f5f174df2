"""The questions of a booking: the time, and then one thing a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.html import format_html

from appointments import rules
from appointments.actions import save_details
from appointments.availability import Slot
from appointments.models import Appointment, Channel
from stockport.forms import CharacterCount, CheckboxSelectMultiple, GovukForm, TextInput
from stockport.templatetags.portal import clock, weekday

STAMP = "%Y%m%dT%H%MZ"


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
    ) -> None:
        super().__init__(data)
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
            return datetime.strptime(self.cleaned_data["start"], STAMP).replace(tzinfo=UTC)
        except ValueError:
            raise forms.ValidationError("Select a time") from None


class AnswerForm(GovukForm):
    """A page of questions about a held appointment; `save` keeps the answers."""

    def __init__(self, data: Any = None, *, appointment: Appointment) -> None:
        super().__init__(data, initial=self.from_appointment(appointment))
        self.appointment = appointment

    def from_appointment(self, appointment: Appointment) -> dict[str, Any]:
        """What the page shows at first."""
        return {name: getattr(appointment, name) for name in self.base_fields}

    def answers(self) -> Mapping[str, bool | str]:
        """The appointment's fields and their new values."""
        return self.cleaned_data

    def save(self) -> None:
        """Keep the answers."""
        save_details(appointment=self.appointment, answers=self.answers())


NEEDS = {
    "needs_bsl": "A British Sign Language (BSL) interpreter",
    "needs_interpreter": "An interpreter for another language",
    "needs_step_free": "Step-free access",
    "needs_hearing_loop": "A hearing loop",
    "needs_quiet_room": "A quiet room",
    "brings_someone": "Somebody will be with me",
}

# What can be had ready for somebody who is called.
BY_PHONE = ("needs_interpreter", "brings_someone")


class NeedsForm(AnswerForm):
    """What the council should have ready."""

    needs = forms.MultipleChoiceField(
        label="Is there anything you need for this appointment?",
        help_text="Select all that apply. Leave empty if you need none of these.",
        required=False,
        widget=CheckboxSelectMultiple(
            hints={"brings_someone": "Such as a relative, a carer or an advocate"}
        ),
        error_messages={"invalid_choice": "Select from the list what you need"},
    )

    def __init__(self, data: Any = None, *, appointment: Appointment) -> None:
        super().__init__(data, appointment=appointment)
        names = BY_PHONE if appointment.channel == Channel.PHONE else NEEDS
        needs = self.fields["needs"]
        if isinstance(needs, forms.MultipleChoiceField):
            needs.choices = [(name, NEEDS[name]) for name in names]

    def from_appointment(self, appointment: Appointment) -> dict[str, Any]:
        return {"needs": [name for name in NEEDS if getattr(appointment, name)]}

    def answers(self) -> Mapping[str, bool | str]:
        return {name: name in self.cleaned_data["needs"] for name in NEEDS}


class LanguageForm(AnswerForm):
    """Which language the interpreter speaks."""

    language = forms.CharField(
        label="Which language do you need an interpreter for?",
        max_length=60,
        widget=TextInput(attrs={"class": "govuk-input--width-20"}),
        error_messages={
            "required": "Enter a language",
            "max_length": "The language must be 60 characters or fewer",
        },
    )


class PhoneForm(AnswerForm):
    """The number that the council calls."""

    phone = forms.CharField(
        label="What number should we call you on?",
        help_text="For a number outside the UK, start with + and the country code.",
        max_length=30,
        widget=TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "tel", "type": "tel"}
        ),
        error_messages={
            "required": "Enter a phone number",
            "max_length": "The phone number must be 30 characters or fewer",
        },
    )

    def clean_phone(self) -> str:
        """Digits with spaces, brackets or dashes: 10 to 15 digits (ITU-T E.164)."""
        phone = str(self.cleaned_data["phone"]).strip()
        digits = re.sub(r"[\s()\-.]", "", phone)
        if not re.fullmatch(r"\+?[0-9]{10,15}", digits):
            raise forms.ValidationError("Enter a phone number with 10 to 15 numbers")
        return phone


class NotesForm(AnswerForm):
    """Anything else."""

    notes = forms.CharField(
        label="Is there anything else we should know? (optional)",
        help_text="Leave out bank details and passwords.",
        max_length=500,
        required=False,
        widget=CharacterCount(500),
        error_messages={"max_length": "Your answer must be 500 characters or fewer"},
    )


STEPS: dict[str, type[AnswerForm]] = {
    "needs": NeedsForm,
    "language": LanguageForm,
    "phone": PhoneForm,
    "notes": NotesForm,
}
