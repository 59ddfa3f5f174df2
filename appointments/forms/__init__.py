"""The forms of a booking."""

from appointments.forms.answers import NEEDS, STEPS, PeopleForm
from appointments.forms.near import NearForm
from appointments.forms.time import STAMP, TimeForm, moment_of, time_label

__all__ = [
    "NEEDS",
    "STAMP",
    "STEPS",
    "NearForm",
    "PeopleForm",
    "TimeForm",
    "moment_of",
    "time_label",
]
