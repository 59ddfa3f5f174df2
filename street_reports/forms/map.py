"""Finding the light or grid on a map: the list is the same question, and works without it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings

from street_reports.forms.asset import NOT_LISTED, ChooseForm
from street_reports.models import Asset
from street_reports.rules import METRES_PER_DEGREE, Point
from street_reports.search import Found, find_around, place_of

STEP = 200 / METRES_PER_DEGREE  # degrees of latitude: how far a link moves the middle
OUTSKIRTS = 2000  # metres: no place that far from every light and grid is in the borough
MOVES = (("north", 1, 0), ("south", -1, 0), ("east", 0, 1.7), ("west", 0, -1.7))


class MapForm(ChooseForm):
    """One of those around the middle of the map, or “It is not listed”, with or without a point."""

    # Written by the script, so a mistake in them is told at the question.
    latitude = forms.Field(required=False, widget=forms.HiddenInput)
    longitude = forms.Field(required=False, widget=forms.HiddenInput)

    @cached_property
    def middle(self) -> Point:
        """Where the map begins: where a link moved it, at what was searched, or in the town."""
        moved = _Degrees(self.request.GET)
        if moved.is_valid():
            return moved.point
        found = place_of(self.answers["kind"]["kind"], self.answers["find"]["q"])
        return found or Point(*settings.MAP_CENTRE)

    @cached_property
    def search(self) -> Found:
        """Those around the middle."""
        found = find_around(self.answers["kind"]["kind"], self.middle)
        self["asset"].help_text = " ".join(self._notes(found))
        return found

    def _notes(self, found: Found) -> Iterator[str]:
        """What to know about the list."""
        if found.matches:
            yield "These are around the middle of the map. The nearest is first."
        else:
            yield f"There is no {self.noun} around the middle of the map."

    @property
    def mark(self) -> Point | None:
        """The place that was marked before."""
        valid = self.is_bound and self.is_valid()
        point: Point | None = self.cleaned_data["point"] if valid else None
        return point

    @property
    def tiles(self) -> dict[str, str]:
        """Where the map's background comes from, and whose it is; empty for none."""
        return {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION}

    @property
    def moves(self) -> list[tuple[str, str]]:
        """Where the links lead that move the middle without a script: direction and query."""
        change = {"change": "1"} if "change" in self.request.GET else {}
        return [
            (way, urlencode({**change, "latitude": f"{north:.6f}", "longitude": f"{east:.6f}"}))
            for way, up, right in MOVES
            for north, east in [
                (self.middle.latitude + up * STEP, self.middle.longitude + right * STEP)
            ]
        ]

    def clean(self) -> dict[str, Any]:
        """Adds the point that was marked, for what is not listed; it must be in the borough."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["point"] = None
        if self.sent.get("asset") == NOT_LISTED and self.sent.get("latitude"):
            marked = _Degrees(self.sent)
            if marked.is_valid() and in_borough(marked.point):
                cleaned["point"] = marked.point
            else:
                self.add_error("asset", "Mark a place inside the borough")
        return cleaned


class _Degrees(forms.Form):
    """A point as an address or a script writes it."""

    latitude = forms.FloatField(min_value=49, max_value=61)
    longitude = forms.FloatField(min_value=-9, max_value=2)

    @property
    def point(self) -> Point:
        """The point, once it is valid."""
        return Point(self.cleaned_data["latitude"], self.cleaned_data["longitude"])


def in_borough(point: Point) -> bool:
    """Whether any light or grid of the council is within two kilometres."""
    return Asset.objects.near(point, OUTSKIRTS).exists()
