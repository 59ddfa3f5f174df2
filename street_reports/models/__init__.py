"""The council's lights and grids, and what residents report about them."""

from street_reports.models.assets import Asset, FaultType, Kind
from street_reports.models.photos import Photo
from street_reports.models.reports import Report, Update

__all__ = ["Asset", "FaultType", "Kind", "Photo", "Report", "Update"]
