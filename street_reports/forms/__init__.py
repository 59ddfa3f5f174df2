"""The pages of a report, in order."""

from street_reports.forms.asset import ChooseForm, FindForm, PlaceForm, StreetForm, chosen
from street_reports.forms.caller import CallerForm
from street_reports.forms.email import EmailForm, JoinForm
from street_reports.forms.fault import DangerForm, FaultForm, KindForm
from street_reports.forms.follow import (
    FollowForm,
    InformationForm,
    NearbyForm,
    is_near_others,
    open_report,
)
from street_reports.forms.map import MapForm
from street_reports.forms.more import ContactForm, DetailsForm, is_dangerous_after_all
from street_reports.forms.owner import WhoseForm
from street_reports.forms.photo import PhotoForm

__all__ = [
    "CallerForm",
    "ChooseForm",
    "ContactForm",
    "DangerForm",
    "DetailsForm",
    "EmailForm",
    "FaultForm",
    "FindForm",
    "FollowForm",
    "InformationForm",
    "JoinForm",
    "KindForm",
    "MapForm",
    "NearbyForm",
    "PhotoForm",
    "PlaceForm",
    "StreetForm",
    "WhoseForm",
    "chosen",
    "is_dangerous_after_all",
    "is_near_others",
    "open_report",
]
