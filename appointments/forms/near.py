"""Where somebody is and what they need there: which places come first, and which at all."""

from __future__ import annotations

import re

from django import forms

from appointments.facilities import FACILITIES
from appointments.models import Postcode
from stockport.forms import CheckboxSelectMultiple, GovukForm, TextInput

POSTCODE = re.compile(r"([a-z]{1,2}[0-9][a-z0-9]?)\s*([0-9][a-z]{2})", re.I | re.A)
UNKNOWN = "Enter a full postcode in the area, like SK1 3XE"


class NearForm(GovukForm):
    """A postcode; cleaned, it is the Postcode with its place on the map."""

    postcode = forms.CharField(
        label="Your postcode",
        help_text="To see the nearest place first",
        max_length=20,
        widget=TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}),
        error_messages={"required": UNKNOWN, "max_length": UNKNOWN},
    )

    def clean_postcode(self) -> Postcode:
        """The one that was typed, with or without its space."""
        parts = POSTCODE.fullmatch(str(self.cleaned_data["postcode"]).strip())
        code = " ".join(parts.groups()).upper() if parts else ""
        if found := Postcode.objects.filter(code=code).first():
            return found
        raise forms.ValidationError(UNKNOWN)


class FacilitiesForm(GovukForm):
    """What the building must have; calls and visits need none of it."""

    need = forms.MultipleChoiceField(
        label="Only show places that have",
        required=False,
        widget=CheckboxSelectMultiple,
        choices=[
            (each.slug, f"{each.words[:1].upper()}{each.words[1:]}") for each in FACILITIES.values()
        ],
    )
