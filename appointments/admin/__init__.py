"""Staff edit places, desks, services and hours; what happens to an appointment is an action."""

from appointments.admin.bookings import AppointmentAdmin, OccupiedCellAdmin
from appointments.admin.closures import BankHolidayAdmin, ClosureAdmin
from appointments.admin.places import DeskAdmin, LocationAdmin
from appointments.admin.services import ServiceAdmin

__all__ = [
    "AppointmentAdmin",
    "BankHolidayAdmin",
    "ClosureAdmin",
    "DeskAdmin",
    "LocationAdmin",
    "OccupiedCellAdmin",
    "ServiceAdmin",
]
