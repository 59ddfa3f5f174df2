"""Finding a light or a grid from what somebody typed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Prefetch, Q, Value, When
from django.db.models.functions import Length

from street_reports.models import Asset, Kind, Report
from street_reports.models.assets import AssetQuerySet
from street_reports.rules import Point, Search

MOST = 30
NEARBY = 400  # metres: half the side of the square that is searched around a postcode


@dataclass(frozen=True)
class Match:
    """An asset that fits, with its distance in metres from the postcode, if there was one."""

    asset: Asset
    metres: int | None = None

    @property
    def open_reports(self) -> list[Report]:
        """What residents have reported about it that is not put right yet."""
        reports: list[Report] = getattr(self.asset, "open_reports", [])
        return reports


@dataclass(frozen=True)
class Found:
    """The best matches. `missing`: the number is no plate there. `more`: some were left out."""

    matches: list[Match]
    missing: bool = False
    more: bool = False

    @property
    def selectable(self) -> list[Match]:
        """Those that can be reported."""
        return [match for match in self.matches if match.asset.is_reportable]

    @property
    def others(self) -> list[Match]:
        """Those that need no report."""
        return [match for match in self.matches if not match.asset.is_reportable]


def find_assets(kind: str, search: Search) -> Found:
    """What fits, at most 30: nearest first with a postcode, otherwise by street and number.

    A word too many at the end, such as the town, does not spoil it. A number that is on no plate
    may be a house's: those that stand there come first.
    """
    assets = Asset.objects.of_kind(kind)
    centre = _centre(search.postcode) if search.postcode else None
    if search.words:
        assets = _on_street(assets, search)
    elif search.postcode:
        assets = assets.near(centre, NEARBY) if centre else assets.none()
    missing = False
    if search.number:
        plates = assets.filter(plate_number=search.number)
        missing = kind == Kind.STREET_LIGHT and not plates.exists()
        assets = plates if kind == Kind.STREET_LIGHT and not missing else assets
    if missing and not (search.words or search.postcode):
        assets = assets.none()
    return _listed(assets, search, centre, missing)


def _centre(postcode: str) -> Point | None:
    """The middle of the postcode, or of its sector (“SK3 8”) where no asset is in it."""
    return Asset.objects.centre(postcode) or Asset.objects.centre_of_sector(postcode[:-2])


def _on_street(assets: AssetQuerySet, search: Search) -> AssetQuerySet:
    """Where the street has the words; without the last ones while nothing has them all."""
    for number in range(len(search.words), 1, -1):
        found = assets.on_street(search.words[:number])
        if found.exists():
            return found
    return assets.on_street(search.words[:1])


def _listed(assets: AssetQuerySet, search: Search, centre: Point | None, missing: bool) -> Found:
    if centre:
        assets = assets.nearest_first(centre)
    else:
        assets = assets.order_by(
            _mentions(search.number), "street", Length("plate_number"), "plate_number", "pk"
        )
    open_reports = Report.objects.open().select_related("fault").order_by("created_at")
    found = list(
        assets.prefetch_related(Prefetch("reports", open_reports, to_attr="open_reports"))[
            : MOST + 1
        ]
    )
    matches = [
        Match(asset, centre.metres_to(Point(asset.latitude, asset.longitude)) if centre else None)
        for asset in found[:MOST]
    ]
    return Found(matches, missing=missing, more=len(found) > MOST)


def _mentions(number: str) -> Case:
    """Sorts those first whose description has the number as a word: “Outside 68”."""
    there = Q(location_description__iregex=rf"\m{number}\M") if number else Q(pk=None)
    return Case(When(there, then=Value(0)), default=Value(1), output_field=IntegerField())
