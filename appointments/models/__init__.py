"""Places and desks, services, opening hours, and the appointments made in them."""

from appointments.models.booking import Appointment, OccupiedCell
from appointments.models.hours import BankHoliday, Closure, ExtraOpening, OpeningRule
from appointments.models.offer import DeskService, Service
from appointments.models.place import Channel, Desk, Lanes, Location
from appointments.models.postcode import Postcode

__all__ = [
    "Appointment",
    "BankHoliday",
    "Channel",
    "Closure",
    "Desk",
    "DeskService",
    "ExtraOpening",
    "Lanes",
    "Location",
    "OccupiedCell",
    "OpeningRule",
    "Postcode",
    "Service",
]
