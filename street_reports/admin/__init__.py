"""What staff see of assets, faults and reports. Only the lists are theirs to write."""

from street_reports.admin.api_keys import ApiKeyAdmin
from street_reports.admin.assets import AssetAdmin, OwnerAdmin
from street_reports.admin.closing import ClosureReasonAdmin
from street_reports.admin.contacts import ContactAdmin, UnconfirmedAdmin
from street_reports.admin.export import ExportAdmin
from street_reports.admin.faults import DangerAdmin, FaultTypeAdmin
from street_reports.admin.questions import QuestionAdmin
from street_reports.admin.replies import ReplyTemplateAdmin
from street_reports.admin.reports import DraftAdmin, PhotoAdmin, ReportAdmin
from street_reports.admin.storms import StormAdmin

__all__ = [
    "ApiKeyAdmin",
    "AssetAdmin",
    "ClosureReasonAdmin",
    "ContactAdmin",
    "DangerAdmin",
    "DraftAdmin",
    "ExportAdmin",
    "FaultTypeAdmin",
    "OwnerAdmin",
    "PhotoAdmin",
    "QuestionAdmin",
    "ReplyTemplateAdmin",
    "ReportAdmin",
    "StormAdmin",
    "UnconfirmedAdmin",
]
