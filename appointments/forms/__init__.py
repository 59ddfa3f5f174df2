"""The forms of a booking."""

from appointments.forms.answers import NEEDS, STEPS, PeopleForm
from appointments.forms.time import TimeForm, time_label

__all__ = ["NEEDS", "STEPS", "PeopleForm", "TimeForm", "time_label"]
