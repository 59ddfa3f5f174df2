"""What staff see of assets, faults and reports. Only the lists of faults and owners are theirs."""

from street_reports.admin.assets import AssetAdmin, OwnerAdmin
from street_reports.admin.faults import DangerAdmin, FaultTypeAdmin
from street_reports.admin.reports import PhotoAdmin, ReportAdmin

__all__ = [
    "AssetAdmin",
    "DangerAdmin",
    "FaultTypeAdmin",
    "OwnerAdmin",
    "PhotoAdmin",
    "ReportAdmin",
]
