"""The forms of a booking."""

from appointments.forms.answers import NEEDS, STEPS, PeopleForm
from appointments.forms.time import STAMP, TimeForm, moment_of, time_label

__all__ = ["NEEDS", "STAMP", "STEPS", "PeopleForm", "TimeForm", "moment_of", "time_label"]
