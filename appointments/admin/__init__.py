"""Staff edit places, desks, services and hours; what happens to an appointment is an action."""

from appointments.admin.bookings import AppointmentAdmin, OccupiedCellAdmin
from appointments.admin.hours import BankHolidayAdmin, ClosureAdmin, ExtraOpeningAdmin
from appointments.admin.places import DeskAdmin, LocationAdmin
from appointments.admin.services import ServiceAdmin

__all__ = [
    "AppointmentAdmin",
    "BankHolidayAdmin",
    "ClosureAdmin",
    "DeskAdmin",
    "ExtraOpeningAdmin",
    "LocationAdmin",
    "OccupiedCellAdmin",
    "ServiceAdmin",
]
