"""The lights, signs, bollards and grids of the streets, and what residents report about them."""

from street_reports.models.acts import Act
from street_reports.models.api_keys import ApiKey
from street_reports.models.assets import Asset, Kind
from street_reports.models.closures import ClosureReason
from street_reports.models.contacts import Contact
from street_reports.models.drafts import Draft
from street_reports.models.exports import Export
from street_reports.models.faults import Danger, FaultType
from street_reports.models.followers import Follower
from street_reports.models.owners import Owner
from street_reports.models.photos import Photo
from street_reports.models.questions import Choice, Question
from street_reports.models.reports import Report
from street_reports.models.storms import Storm
from street_reports.models.submissions import Submission, SubmittedUpdate
from street_reports.models.templates import ReplyTemplate
from street_reports.models.unconfirmed import Unconfirmed
from street_reports.models.updates import Update

__all__ = [
    "Act",
    "ApiKey",
    "Asset",
    "Choice",
    "ClosureReason",
    "Contact",
    "Danger",
    "Draft",
    "Export",
    "FaultType",
    "Follower",
    "Kind",
    "Owner",
    "Photo",
    "Question",
    "ReplyTemplate",
    "Report",
    "Storm",
    "Submission",
    "SubmittedUpdate",
    "Unconfirmed",
    "Update",
]
