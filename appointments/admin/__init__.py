"""Staff edit places, desks, services and hours; what happens to an appointment is an action."""

from appointments.admin.bookings import AppointmentAdmin, OccupiedCellAdmin
from appointments.admin.hours import BankHolidayAdmin, ClosureAdmin, ExtraOpeningAdmin
from appointments.admin.places import DeskAdmin, LocationAdmin
from appointments.admin.services import ServiceAdmin
from appointments.admin.waiting import EarlierOfferAdmin, SentReminderAdmin, WaitingAdmin

__all__ = [
    "AppointmentAdmin",
    "BankHolidayAdmin",
    "ClosureAdmin",
    "DeskAdmin",
    "EarlierOfferAdmin",
    "ExtraOpeningAdmin",
    "LocationAdmin",
    "OccupiedCellAdmin",
    "SentReminderAdmin",
    "ServiceAdmin",
    "WaitingAdmin",
]
