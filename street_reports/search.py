"""Finding a light or a grid from what somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Length

from street_reports import streets
from street_reports.models import Asset, Kind, Report
from street_reports.models.assets import AssetQuerySet
from street_reports.rules import Point, Search
from street_reports.streets import Streets

MOST = 30


@dataclass(frozen=True)
class Match:
    """An asset that fits, with its distance in metres from the postcode, or another origin."""

    asset: Asset
    metres: int | None = None
    origin: str = "the postcode"

    @property
    def open_reports(self) -> list[Report]:
        """What residents have reported about it that is not put right yet."""
        reports: list[Report] = getattr(self.asset, "open_reports", [])
        return reports

    @property
    def last_reported(self) -> datetime | None:
        """When somebody last reported it here."""
        when: datetime | None = getattr(self.asset, "last_reported", None)
        return when


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


def find_streets(kind: str, search: Search) -> Streets:
    """The streets to choose between first: none where the search leads to its assets at once."""
    assets = Asset.objects.of_kind(kind)
    if search.words:
        found = streets.named(assets, search)
        there = assets.filter(street__in=found.names)
    else:
        centre = _centre(search.postcode) if search.postcode else None
        found = streets.near(assets, centre) if centre else Streets()
        there = assets.near(centre, streets.NEARBY) if centre else assets.none()
    is_one = len(found.matches) < 2 or bool(search.words and search.postcode)
    if found.matches and (found.misspelt or not (is_one or _plates(there, kind, search).exists())):
        return found
    return Streets()


def find_assets(kind: str, search: Search, street: str = "") -> Found:
    """What fits, at most 30: nearest first with a postcode, otherwise by street and number.

    `street` is the one that was chosen. A number that is on no plate may be a house's: those that
    stand there come first.
    """
    assets = Asset.objects.of_kind(kind)
    centre = _centre(search.postcode) if search.postcode else None
    if street:
        assets = assets.filter(street=street)
    elif search.words:
        found = streets.named(assets, search)
        assets = assets.filter(street__in=[] if found.misspelt else found.names)
    elif search.postcode:
        assets = assets.near(centre, streets.NEARBY) if centre else assets.none()
    missing = bool(Kind(kind).has_plate and search.number)
    if missing and (plates := _plates(assets, kind, search)).exists():
        assets, missing = plates, False
    if missing and not (search.words or search.postcode):
        assets = assets.none()
    return _listed(assets, search, centre, missing)


def find_around(kind: str, centre: Point) -> Found:
    """The nearest to the middle of a map, at most 30."""
    there = Asset.objects.of_kind(kind).near(centre, streets.NEARBY).nearest_first(centre)
    found = list(with_reports(there)[: MOST + 1])
    middle = "the middle of the map"
    matches = [Match(asset, centre.metres_to(asset.point), middle) for asset in found[:MOST]]
    return Found(matches, more=len(found) > MOST)


def place_of(kind: str, search: Search) -> Point | None:
    """Where a map begins: at what is nearest to the postcode, or to the middle of the street.

    The middle itself may be empty: a street bends, and a phone shows little of it.
    """
    assets = Asset.objects.of_kind(kind)
    if search.postcode:
        middle = _centre(search.postcode)
        there = assets.near(middle, streets.NEARBY) if middle else assets.none()
    else:
        names = streets.named(assets, search).names if search.words else []
        there = assets.filter(street=names[0]) if names else assets.none()
        middle = there.middle()
    nearest = there.nearest_first(middle).first() if middle else None
    return nearest.point if nearest else middle


def with_reports(assets: AssetQuerySet) -> AssetQuerySet:
    """Each with what was reported: `last_reported` (when) and `open_reports` (a list)."""
    newest = Report.objects.filter(asset=OuterRef("pk")).order_by("-created_at")
    open_reports = Report.objects.open().select_related("fault").order_by("created_at")
    return assets.annotate(
        last_reported=Subquery(newest.values("created_at")[:1])
    ).prefetch_related(Prefetch("reports", open_reports, to_attr="open_reports"))


def _plates(assets: AssetQuerySet, kind: str, search: Search) -> AssetQuerySet:
    """Those whose plate has the number that was typed; grids have no plates."""
    if not (Kind(kind).has_plate and search.number):
        return assets.none()
    return assets.filter(plate_number=search.number)


def _centre(postcode: str) -> Point | None:
    """The middle of the postcode, or of its sector (“SK3 8”) where no asset is in it."""
    return Asset.objects.centre(postcode) or Asset.objects.centre_of_sector(postcode[:-2])


def _listed(assets: AssetQuerySet, search: Search, centre: Point | None, missing: bool) -> Found:
    if centre:
        assets = assets.nearest_first(centre)
    else:
        assets = assets.order_by(
            _mentions(search.number), "street", Length("plate_number"), "plate_number", "pk"
        )
    found = list(with_reports(assets)[: MOST + 1])
    matches = [
        Match(asset, centre.metres_to(asset.point) if centre else None) for asset in found[:MOST]
    ]
    return Found(matches, missing=missing, more=len(found) > MOST)


def _mentions(number: str) -> Case:
    """Sorts those first whose description has the number as a word: “Outside 68”."""
    there = Q(location_description__iregex=rf"\m{number}\M") if number else Q(pk=None)
    return Case(When(there, then=Value(0)), default=Value(1), output_field=IntegerField())
