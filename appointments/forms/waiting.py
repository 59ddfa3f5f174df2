"""Waiting for an earlier time: which would do, and the answer to an offer."""

from __future__ import annotations

from typing import Any

from django import forms

from appointments.models import Appointment, Waiting
from stockport.forms import CheckboxSelectMultiple, GovukForm, RadioSelect

NOT_EARLIER = "No, keep my appointment as it is"
NOT_THIS = "No, I want to choose another time or cancel"


def _where(appointment: Appointment) -> forms.ChoiceField:
    wrong = "Select where you could come"
    return forms.ChoiceField(
        label="Where could you come?",
        choices=[
            ("here", f"Only {appointment.place_name}"),
            ("anywhere", "Any place that has an earlier time"),
        ],
        widget=RadioSelect,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )


class WaitingForm(GovukForm):
    """Which times and places would do."""

    times = forms.MultipleChoiceField(
        label="Which times would suit you?",
        help_text="Select all that apply.",
        choices=[
            ("mornings", "Mornings"),
            ("afternoons", "Afternoons"),
        ],
        widget=CheckboxSelectMultiple,
        error_messages={
            "required": "Select which times would suit you",
            "invalid_choice": "Select which times would suit you",
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        appointment: Appointment,
        waiting: Waiting | None,
        elsewhere: bool,
    ) -> None:
        wishes = waiting or Waiting()
        times = [name for name in ("mornings", "afternoons") if getattr(wishes, name)]
        where = "anywhere" if wishes.anywhere else "here"
        super().__init__(data, initial={"times": times, "where": where})
        if elsewhere:
            self.fields["where"] = _where(appointment)

    def wishes(self) -> dict[str, bool]:
        """What `wait` wants to know."""
        times = self.cleaned_data["times"]
        anywhere = self.cleaned_data.get("where") == "anywhere"
        return {
            "mornings": "mornings" in times,
            "afternoons": "afternoons" in times,
            "anywhere": anywhere,
        }


class OfferForm(GovukForm):
    """Whether the resident takes the time that is kept: an earlier one, or one `instead`."""

    answer = forms.ChoiceField(widget=RadioSelect)

    def __init__(self, data: Any = None, *, instead: bool) -> None:
        super().__init__(data)
        time, refusal = ("this time", NOT_THIS) if instead else ("the earlier time", NOT_EARLIER)
        wrong = f"Select yes if you want {time}"
        self.fields["answer"] = forms.ChoiceField(
            label=f"Do you want {time}?",
            choices=[("yes", "Yes, change my appointment"), ("no", refusal)],
            widget=RadioSelect,
            error_messages={"required": wrong, "invalid_choice": wrong},
        )
