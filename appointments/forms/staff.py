"""What staff fill in for somebody who phones or stands at the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Resident
from appointments import availability, rules
from appointments.forms.answers import NEEDS
from appointments.forms.time import STAMP, moment_of, time_label
from appointments.models import Appointment, Channel, Lanes, Service
from appointments.phones import NotMobile, uk_mobile
from appointments.places import Place
from stockport.outbox.texts import can_text

FAR = timedelta(days=730)


class DayInput(forms.DateInput):
    """A day, chosen with what the browser has for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Notes(forms.Textarea):
    """A few lines."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 3})


class WhereForm(forms.Form):
    """Where, on which day and how long: the address carries it."""

    service = forms.CharField(widget=forms.HiddenInput, required=False)
    place = forms.ChoiceField()
    day = forms.DateField(widget=DayInput)
    people = forms.IntegerField(min_value=1, label="For how many people")
    longer = forms.BooleanField(required=False, label="A longer appointment")

    def __init__(
        self,
        sent: dict[str, str],
        *,
        service: Service,
        found: Sequence[Place],
        moving: bool = False,
    ) -> None:
        today = rules.local_day(timezone.now()).isoformat()
        self.found = {place.slug: place for place in found}
        asked = sent.get("place", "")
        place_now = asked if asked in self.found else next(iter(self.found), "")
        super().__init__({"day": today, "people": "1", **sent, "place": place_now})
        self.most = service.max_people
        if moving:  # it stays as long as it is
            del self.fields["people"], self.fields["longer"]
        place = self.fields["place"]
        if isinstance(place, forms.ChoiceField):
            place.choices = [(each.slug, each.name) for each in found]

    def clean_place(self) -> Place:
        """The place with this word."""
        return self.found[self.cleaned_data["place"]]

    def clean_day(self) -> date:
        """Not so far away that it must be a slip."""
        day: date = self.cleaned_data["day"]
        if abs(day - rules.local_day(timezone.now())) > FAR:
            raise forms.ValidationError("Choose a day within two years.")
        return day

    def clean_people(self) -> int:
        """As many as the service allows."""
        people: int = self.cleaned_data["people"]
        if people > self.most:
            raise forms.ValidationError(f"This service is for {self.most} at most.")
        return people


class StaffTimeForm(forms.Form):
    """A time, those that are full included where the member of staff may book over them."""

    start = forms.ChoiceField(label="Time", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why it is booked over what is full",
        max_length=200,
        required=False,
        help_text="Only for a time that is full. Colleagues read it, and so can the resident.",
    )

    def __init__(self, *args: Any, times: StaffTimes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times = times
        choices = list(times.choices())
        start = self.fields["start"]
        if isinstance(start, forms.ChoiceField):
            start.choices = choices
        start.help_text = "" if choices else "No time is free on this day."
        if not times.full:
            del self.fields["reason"]

    def clean_start(self) -> datetime:
        """The moment, in UTC; whether it is still free is for the action to say."""
        return moment_of(self.cleaned_data["start"])

    def clean(self) -> dict[str, Any]:
        """A reason for a time that is full."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("start") in self.times.full and not cleaned.get("reason"):
            self.add_error("reason", "This time is full. Say why it is booked over.")
        return cleaned


class CallForm(StaffTimeForm):
    """The time, who it is for and what they need: as little as it takes to reach them."""

    account = forms.EmailField(
        label="E-mail address of their account",
        required=False,
        help_text="Where they have one. They see the appointment there.",
    )
    caller_name = forms.CharField(label="Or their name", max_length=100, required=False)
    phone = forms.CharField(label="Phone number", max_length=30, required=False)
    text_to = forms.CharField(
        label="Mobile number for a text reminder",
        max_length=30,
        required=False,
        help_text="Only where they want one.",
    )
    caller_email = forms.EmailField(label="E-mail address", max_length=254, required=False)
    address = forms.CharField(label="Address to visit", max_length=200, required=False)
    needs = forms.MultipleChoiceField(
        choices=[(name, text) for name, text in NEEDS.items() if name != "needs_longer"],
        label="What they need",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.CharField(label="Language of the interpreter", max_length=60, required=False)
    notes = forms.CharField(
        label="Anything else",
        max_length=500,
        required=False,
        widget=Notes,
    )
    field_order = ("start", "reason")

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        if channel != Channel.HOME:
            del self.fields["address"]
        if not can_text():
            del self.fields["text_to"]

    def clean_account(self) -> Resident | None:
        """Whose account it is."""
        email = self.cleaned_data["account"].lower()
        if not email:
            return None
        if resident := Resident.objects.filter(email=email, is_active=True).first():
            return resident
        raise forms.ValidationError("Nobody has an account with this address.")

    def clean_text_to(self) -> str:
        """As it is kept: +447700900123, or nothing."""
        typed: str = self.cleaned_data["text_to"]
        try:
            return uk_mobile(typed) if typed else ""
        except NotMobile:
            raise forms.ValidationError("Enter a UK mobile number, like 07700 900123.") from None

    def clean(self) -> dict[str, Any]:
        """Somebody, whom the council can reach as the appointment needs it."""
        cleaned = super().clean()
        if "account" in cleaned:
            self._check_who(cleaned)
        if self.channel == Channel.PHONE and not cleaned.get("phone"):
            self.add_error("phone", "Enter the number to call.")
        if self.channel == Channel.HOME and not cleaned.get("address"):
            self.add_error("address", "Enter the address to visit.")
        speaks, asked = cleaned.get("language"), "needs_interpreter" in cleaned.get("needs", ())
        if asked and not speaks:
            self.add_error("language", "Say which language the interpreter speaks.")
        if speaks and not asked:
            self.add_error("language", "A language is only for an interpreter: tick that too.")
        return cleaned

    def _check_who(self, cleaned: dict[str, Any]) -> None:
        if cleaned["account"]:
            if cleaned.get("caller_name") or cleaned.get("caller_email"):
                self.add_error("account", "Give an account, or a name and an e-mail address.")
        elif not cleaned.get("caller_name"):
            self.add_error("caller_name", "Enter the account or the name.")
        elif not (cleaned.get("phone") or cleaned.get("caller_email")):
            self.add_error("phone", "Enter a phone number or an e-mail address.")

    def fields_of_appointment(self) -> dict[str, Any]:
        """Who and what, as the fields of the appointment to make."""
        plain = ("caller_name", "phone", "caller_email", "language", "notes")
        needs = self.cleaned_data["needs"]
        return {
            "resident": self.cleaned_data["account"],
            **{name: self.cleaned_data[name] for name in plain},
            "address": self.cleaned_data.get("address", ""),
            "text_to": self.cleaned_data.get("text_to", ""),
            **{name: name in needs for name in NEEDS if name != "needs_longer"},
        }


class StaffCancelForm(forms.Form):
    """Who cancels, and why."""

    who = forms.ChoiceField(
        label="Who cancels",
        choices=[("resident", "They asked for it"), ("council", "The council")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Why", max_length=200, required=False, help_text="It is in the e-mail to them."
    )


class StaffTimes:
    """The times of a day at a place: those that are free for staff, and those that are full."""

    def __init__(self, wanted: Appointment, place: Place, day: date, *, over: bool) -> None:
        def found(lanes: Lanes) -> dict[datetime, int]:
            slots = availability.slots(
                wanted.service,
                place.desks,
                day,
                day,
                now=timezone.now(),
                ignore=[wanted.pk] if wanted.pk else [],
                minutes=wanted.minutes if wanted.pk else wanted.minutes_needed,
                lanes=lanes,
            )
            return {slot.starts_at: slot.left for slot in slots}

        self.free = found(Lanes.STAFF)
        self.full = found(Lanes.EXTRA).keys() - self.free.keys() if over else set()

    def choices(self) -> Iterable[tuple[str, str]]:
        """Each time with its words: 10am (2 free)."""
        for start in sorted([*self.free, *self.full]):
            state = f"{self.free[start]} free" if start in self.free else "full"
            yield f"{start:{STAMP}}", f"{time_label(start)} ({state})"
