"""What a map asks for: a box and a zoom, checked; and how the answer is divided. No database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms

from street_reports.models import Kind

# Web map zooms: the world is 256 pixels wide at 0, and each step doubles it.
FARTHEST: Final = 14  # a few kilometres across
DETAIL: Final = 17  # from here on each asset has its own marker
NEAREST: Final = 20
WIDEST: Final = 4096  # pixels of one box
CLUSTER: Final = 64  # pixels of a cell whose assets are one marker


@dataclass(frozen=True)
class Box:
    """A part of the map, in WGS84 degrees, at a zoom."""

    west: float
    south: float
    east: float
    north: float
    zoom: int

    @property
    def cell(self) -> float:
        """The width, in degrees, of a cell whose assets are one marker."""
        return CLUSTER * degrees_per_pixel(self.zoom)

    @property
    def is_possible(self) -> bool:
        """Whether it lies in Great Britain, is the right way round, and fits on a screen."""
        widest = WIDEST * degrees_per_pixel(self.zoom)
        return (
            -9 <= self.west < self.east <= 2
            and 49 <= self.south < self.north <= 61
            and self.east - self.west <= widest
            and self.north - self.south <= widest
        )


def degrees_per_pixel(zoom: int) -> float:
    """Degrees of longitude that a pixel of a web map covers."""
    return float(360 / 256 / 2**zoom)


class BoxForm(forms.Form):
    """The query of a map: `kind`, `zoom`, and `box` as west,south,east,north."""

    kind = forms.ChoiceField(choices=Kind.choices)
    zoom = forms.IntegerField(min_value=FARTHEST, max_value=NEAREST)
    box = forms.RegexField(r"\A-?\d{1,3}(\.\d{1,9})?(,-?\d{1,3}(\.\d{1,9})?){3}\Z", max_length=80)

    def clean(self) -> dict[str, object]:
        """Makes the box of it."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            west, south, east, north = map(float, cleaned["box"].split(","))
            cleaned["box"] = Box(west, south, east, north, cleaned["zoom"])
            if not cleaned["box"].is_possible:
                self.add_error("box", "The box is too large, or not in Great Britain.")
        return cleaned
