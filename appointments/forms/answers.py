"""The questions of a booking: one thing a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from appointments.actions import save_details
from appointments.models import Appointment, Channel, Service
from stockport.forms import (
    CharacterCount,
    CheckboxSelectMultiple,
    GovukForm,
    RadioSelect,
    TextInput,
)


class AnswerForm(GovukForm):
    """A page of questions about a held appointment; `save` keeps the answers."""

    def __init__(self, data: Any = None, *, appointment: Appointment) -> None:
        super().__init__(data, initial=self.from_appointment(appointment))
        self.appointment = appointment

    def from_appointment(self, appointment: Appointment) -> dict[str, Any]:
        """What the page shows at first."""
        return {name: getattr(appointment, name) for name in self.base_fields}

    def answers(self) -> Mapping[str, bool | str | int]:
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
    "needs_longer": "A longer appointment",
    "brings_someone": "Somebody will be with me",
}

NEED_HINTS = {"brings_someone": "Such as a relative, a carer or an advocate"}

# What can be had ready for somebody who does not come to a building of ours.
ELSEWHERE = ("needs_bsl", "needs_interpreter", "needs_longer", "brings_someone")
OFFERED = {
    Channel.PHONE: ELSEWHERE[1:],
    Channel.VIDEO: ELSEWHERE,
    Channel.HOME: ELSEWHERE,
    Channel.IN_PERSON: tuple(NEEDS),
}


def _people_field(service: Service) -> forms.TypedChoiceField:
    """1 person, 2 people, and so on, each with how long it takes."""
    wrong = "Select how many people the appointment is for"
    return forms.TypedChoiceField(
        label="How many people is the appointment for?",
        coerce=int,
        choices=[
            (n, f"{n} {'person' if n == 1 else 'people'} ({service.minutes(people=n)} minutes)")
            for n in range(1, service.max_people + 1)
        ],
        widget=RadioSelect,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )


class PeopleForm(GovukForm):
    """How many people, asked before times are shown because it makes the appointment longer."""

    def __init__(self, data: Any = None, *, service: Service) -> None:
        super().__init__(data)
        self.fields["people"] = _people_field(service)


class PeopleAnswerForm(AnswerForm):
    """The same about an appointment that is held."""

    def __init__(self, data: Any = None, *, appointment: Appointment) -> None:
        super().__init__(data, appointment=appointment)
        self.fields["people"] = _people_field(appointment.service)

    def from_appointment(self, appointment: Appointment) -> dict[str, Any]:
        return {"people": appointment.people}


class NeedsForm(AnswerForm):
    """What the council should have ready."""

    needs = forms.MultipleChoiceField(
        label="Is there anything you need for this appointment?",
        help_text="Select all that apply. Leave empty if you need none of these.",
        required=False,
        error_messages={"invalid_choice": "Select from the list what you need"},
    )

    def __init__(self, data: Any = None, *, appointment: Appointment) -> None:
        super().__init__(data, appointment=appointment)
        names = OFFERED[Channel(appointment.channel)]
        more = appointment.service.longer_minutes
        hints = {**NEED_HINTS, "needs_longer": f"It will be {more} minutes longer"}
        needs = self.fields["needs"]
        if isinstance(needs, forms.MultipleChoiceField):
            needs.widget = CheckboxSelectMultiple(hints=hints)
            needs.choices = [
                (name, NEEDS[name]) for name in names if more or name != "needs_longer"
            ]

    def from_appointment(self, appointment: Appointment) -> dict[str, Any]:
        return {"needs": [name for name in NEEDS if getattr(appointment, name)]}

    def answers(self) -> Mapping[str, bool | str | int]:
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


class AddressForm(AnswerForm):
    """Where the council visits."""

    address = forms.CharField(
        label="Where should we visit you?",
        help_text="The whole address, with the postcode.",
        max_length=300,
        widget=forms.Textarea(attrs={"autocomplete": "street-address", "rows": 4}),
        error_messages={
            "required": "Enter the address to visit",
            "max_length": "The address must be 300 characters or fewer",
        },
    )


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
    "people": PeopleAnswerForm,
    "needs": NeedsForm,
    "language": LanguageForm,
    "phone": PhoneForm,
    "address": AddressForm,
    "notes": NotesForm,
}
