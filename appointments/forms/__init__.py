"""The forms of a booking."""

from appointments.forms.answers import NEEDS, STEPS, PeopleForm
from appointments.forms.near import FacilitiesForm, NearForm
from appointments.forms.reminders import TextReminderForm
from appointments.forms.time import STAMP, TimeForm, moment_of, time_label
from appointments.forms.waiting import OfferForm, WaitingForm

__all__ = [
    "NEEDS",
    "STAMP",
    "STEPS",
    "FacilitiesForm",
    "NearForm",
    "OfferForm",
    "PeopleForm",
    "TextReminderForm",
    "TimeForm",
    "WaitingForm",
    "moment_of",
    "time_label",
]
