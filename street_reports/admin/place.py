"""Where a report is, for its page: in words and figures, on a map, and what is open around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from street_reports.models import Kind, Report
from street_reports.rules import Point

if TYPE_CHECKING:
    from street_reports.models import Asset

AROUND = 250  # metres
MOST = 20  # open reports around it that are listed
NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Neighbour:
    """Another open report: how far away, and in whole metres."""

    report: Report
    metres: int


@dataclass(frozen=True)
class Place:
    """What the page says about the place. Without a point there is no map."""

    rows: list[tuple[str, str]]
    point: Point | None
    kind: Kind
    plate: str
    neighbours: list[Neighbour]
    more: int

    @property
    def tiles(self) -> dict[str, str]:
        """Where the map's background comes from, and whose it is; empty for none."""
        return {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION}


def place_of(report: Report) -> Place:
    """The place of a report, with the nearest open reports of any kind around it."""
    found = _around(report) if report.point else []
    neighbours = [Neighbour(*pair) for pair in found[:MOST]]
    plate = report.asset.feature_id if report.asset else ""
    more = len(found) - len(neighbours)
    return Place(_rows(report), report.point, Kind(report.kind), plate, neighbours, more)


def _around(report: Report) -> list[tuple[Report, int]]:
    others = Report.objects.open().exclude(pk=report.pk).select_related("fault", "asset")
    return others.around(report.point, AROUND) if report.point else []


def _rows(report: Report) -> list[tuple[str, str]]:
    """What a crew or another system needs to find it."""
    point, asset = report.point, report.asset
    degrees = f"{point.latitude:.6f}, {point.longitude:.6f}" if point else NOT_KNOWN
    grid = f"{asset.easting}, {asset.northing}" if asset else NOT_KNOWN
    return [
        ("Place", report.location),
        ("Latitude, longitude (WGS84)", degrees),
        ("Easting, northing", grid),
        ("USRN of the street", asset.site_code if asset and asset.site_code else NOT_KNOWN),
        ("Asset id", _link(asset) if asset else "None: it is not in the register"),
        ("Plate number", asset.feature_id if asset and asset.feature_id else "None"),
    ]


def _link(asset: Asset) -> str:
    url = reverse("admin:street_reports_asset_change", args=[asset.pk])
    return format_html('<a href="{}">{}</a>', url, asset.central_asset_id)
