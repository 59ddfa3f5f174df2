"""Finding the light or grid in words: search, choose, or say where it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from stockport.forms import RadioSelect
from stockport.steps import Answers, StepForm
from street_reports.actions import Place
from street_reports.models import Asset, Kind, Owner
from street_reports.rules import Point, Search, postcode_in, read_search
from street_reports.search import Found, find_assets, find_streets
from street_reports.streets import Street, Streets
from street_reports.wording import hint, noun

NOT_LISTED = "not-listed"
MAP = "map"
HINTS = {
    Kind.STREET_LIGHT: "Enter the number on the column and the street, the street, or a postcode. "
    "For example, 14 Ashfield Road.",
    Kind.LIT_SIGN: "Enter the number on the sign and the street, the street, or a postcode. "
    "For example, 3 Ashfield Road.",
    Kind.LIT_BOLLARD: "Enter the number on the bollard and the street, the street, or a postcode. "
    "For example, 3 Ashfield Road.",
    Kind.GRID: "Enter the street, with the number of the nearest house if you know it, or a "
    "postcode. For example, 14 Ashfield Road.",
}


def chosen(answers: Answers) -> Asset | None:
    """The asset that was chosen; None for one that is not listed."""
    asset: Asset | None = (answers.get("choose") or answers.get("map") or {}).get("asset")
    return asset


class FindForm(StepForm):
    """The search, or the way to the map: `way` is “map” where that button was pressed."""

    q = forms.CharField(
        label="Where is it?",
        max_length=100,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={
            "required": "Enter a street or a postcode",
            "max_length": "The search must be %(limit_value)d characters or fewer",
        },
    )

    way = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.answers["kind"]["kind"]
        self.fields["q"].required = self.sent.get("way") != MAP
        self.fields["q"].label = f"Where is the {noun(kind)}?"
        self.fields["q"].help_text = HINTS[kind]

    def clean_q(self) -> Search:
        """What the text looks for: at least a postcode, a word, or a light's number."""
        search = read_search(self.cleaned_data["q"])
        if self.sent.get("way") == MAP:
            return search
        only_number = not (search.postcode or search.words)
        if not search or (only_number and self.answers["kind"]["kind"] == Kind.GRID):
            raise forms.ValidationError("Enter a street or a postcode")
        return search

    def clean(self) -> dict[str, Any]:
        """Adds whether there are several streets to choose from; what is kept knows it."""
        cleaned = super().clean() or self.cleaned_data
        search = cleaned.get("q")
        cleaned["by_map"] = cleaned.get("way") == MAP
        if cleaned["by_map"]:
            cleaned["streets"] = False
        elif search and "q-streets" in self.sent:
            cleaned["streets"] = self.sent["q-streets"] == "several"
        elif search:
            cleaned["streets"] = bool(find_streets(self.answers["kind"]["kind"], search).matches)
        return cleaned

    def stored(self) -> str:
        """Adds whether to ask for the street, so that no later page searches again."""
        kept = QueryDict(super().stored(), mutable=True)
        kept["q-streets"] = "several" if self.cleaned_data["streets"] else "one"
        return kept.urlencode()

    def rows(self) -> list[tuple[str, str]]:
        """The search itself is no answer."""
        return []


class StreetForm(StepForm):
    """One of the streets that the search may mean, or “It is not listed” (None)."""

    street = forms.CharField(
        label="Which street is it on?",
        max_length=100,
        widget=RadioSelect,
        error_messages={
            "required": "Select a street, or “It is not listed”",
            "max_length": "Select a street, or “It is not listed”",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noun = noun(self.answers["kind"]["kind"])
        self.fields["street"].widget.choices = self._choices

    @cached_property
    def search(self) -> Streets:
        """The streets; only drawing the page asks for them, before the question."""
        search: Search = self.answers["find"]["q"]
        found = find_streets(self.answers["kind"]["kind"], search)
        if found.misspelt:
            meant = found.names[0] if len(found.names) == 1 else "one of these streets"
            self["street"].help_text = f"We found no {search.name}. Did you mean {meant}?"
        elif search.postcode:
            self["street"].help_text = "The nearest is first."
        return found

    def _choices(self) -> list[tuple[str, str]]:
        streets = self.search.matches
        self.fields["street"].widget.divider = "or" if streets else ""
        self.fields["street"].widget.hints = {s.name: self._hint(s) for s in streets}
        return [*((s.name, s.name) for s in streets), (NOT_LISTED, "It is not listed")]

    def _hint(self, street: Street) -> str:
        number = f"{street.number} {self.noun}{'' if street.number == 1 else 's'}"
        if street.metres is None:
            return number
        return f"About {street.metres} metres from the postcode, {number}"

    def clean_street(self) -> str | None:
        """The street's name, if it has such an asset; None for “It is not listed”."""
        street: str = self.cleaned_data["street"]
        if street == NOT_LISTED:
            return None
        if not Asset.objects.of_kind(self.answers["kind"]["kind"]).filter(street=street).exists():
            raise forms.ValidationError(self.fields["street"].error_messages["required"])
        return street

    def rows(self) -> list[tuple[str, str]]:
        """The street is part of the next answer, unless there is none."""
        listed = self.cleaned_data["street"] is not None
        return [] if listed else [(f"Which {self.noun}", "It is not listed")]


class ChooseForm(StepForm):
    """One of the matches, or “It is not listed” (None)."""

    asset = forms.CharField(widget=RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noun = noun(self.answers["kind"]["kind"])
        field = self.fields["asset"]
        field.label = f"Which {self.noun} is it?"
        field.error_messages["required"] = f"Select a {self.noun}, or “It is not listed”"
        field.widget.choices = self._choices

    @cached_property
    def search(self) -> Found:
        """What the search gives; only drawing the page asks for it, before the question."""
        street = self.answers.get("street", {}).get("street", "")
        found = find_assets(self.answers["kind"]["kind"], self.answers["find"]["q"], street)
        self["asset"].help_text = " ".join(self._notes(found))
        return found

    def _notes(self, found: Found) -> Iterator[str]:
        """What to know about the list."""
        search: Search = self.answers["find"]["q"]
        if not found.matches:
            yield f"We found no {self.noun} there. Go back to search again, or tell us where it is."
        elif found.missing:
            yield f"No {self.noun} there has the number {search.number}. These are on the street."
        elif search.postcode:
            yield "The nearest is first."
        if found.more:
            yield "There are more. Go back and add a number or a postcode to see fewer."

    def _choices(self) -> list[tuple[str, str]]:
        matches = self.search.selectable
        self.fields["asset"].widget.divider = "or" if matches else ""
        self.fields["asset"].widget.hints = {str(m.asset.pk): hint(m) for m in matches}
        numbered = [
            (str(match.asset.pk), f"{number}. {match.asset.name}, {match.asset.address}")
            for number, match in enumerate(matches, start=1)
        ]
        return [*numbered, (NOT_LISTED, "It is not listed")]

    def clean_asset(self) -> Asset | None:
        """The asset, if it can be reported still; None for “It is not listed”."""
        value = self.cleaned_data["asset"]
        if value == NOT_LISTED:
            return None
        found = Asset.objects.of_kind(self.answers["kind"]["kind"]).reportable()
        asset = found.filter(pk=value).first() if value.isdecimal() and len(value) < 19 else None
        if asset is None:
            raise forms.ValidationError(self.fields["asset"].error_messages["required"])
        return asset

    def clean(self) -> dict[str, Any]:
        """Adds whose it is, where the register says that it is not the council's."""
        cleaned = super().clean() or self.cleaned_data
        asset = cleaned.get("asset")
        cleaned["owner"] = Owner.objects.of(asset) if asset else None
        return cleaned

    def rows(self) -> list[tuple[str, str]]:
        """Where it is, in words."""
        asset = self.cleaned_data["asset"]
        return [(f"Which {self.noun}", Place.of(asset).words if asset else "It is not listed")]


class PlaceForm(StepForm):
    """Where it is, for what the register does not list; the point is the one marked on the map."""

    where = forms.CharField(
        label="Describe where it is",
        help_text="Give the street, and the nearest house number, junction or landmark.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={
            "required": "Enter where it is",
            "max_length": "The description must be %(limit_value)d characters or fewer",
        },
    )
    postcode = forms.CharField(
        label="Postcode (optional)",
        help_text="For example, SK1 3XE.",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"max_length": "Enter a full postcode, like SK1 3XE"},
    )

    def clean_postcode(self) -> str:
        """The postcode as printed."""
        typed = self.cleaned_data["postcode"]
        postcode = postcode_in(typed)
        if typed and not postcode:
            raise forms.ValidationError("Enter a full postcode, like SK1 3XE")
        return postcode

    @property
    def place(self) -> Place:
        """The words, with the point of the postcode where the register knows it."""
        words = " ".join(self.cleaned_data["where"].split())
        postcode = self.cleaned_data["postcode"]
        marked: Point | None = self.answers.get("map", {}).get("point")
        point = marked or (Asset.objects.centre(postcode) if postcode else None)
        return Place(words, postcode, point)

    def clean(self) -> dict[str, Any]:
        """Adds the place."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["place"] = self.place
        return cleaned

    def shown(self, bound: BoundField) -> str:
        """What was typed, tidied."""
        return str(self.cleaned_data[bound.name]) or "Not given"
