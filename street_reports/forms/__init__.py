"""The pages of a report, in order."""

from street_reports.forms.asset import ChooseForm, FindForm, PlaceForm, StreetForm, chosen
from street_reports.forms.fault import DangerForm, FaultForm, KindForm
from street_reports.forms.more import ContactForm, DetailsForm
from street_reports.forms.photo import PhotoForm

__all__ = [
    "ChooseForm",
    "ContactForm",
    "DangerForm",
    "DetailsForm",
    "FaultForm",
    "FindForm",
    "KindForm",
    "PhotoForm",
    "PlaceForm",
    "StreetForm",
    "chosen",
]
