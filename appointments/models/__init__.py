"""Places and desks, services, opening hours, and the appointments made in them."""

from appointments.models.booking import Appointment, OccupiedCell
from appointments.models.hours import BankHoliday, Closure, ExtraOpening, OpeningRule
from appointments.models.offer import DeskService, Service
from appointments.models.place import Channel, Desk, Lanes, Location
from appointments.models.postcode import Postcode
from appointments.models.reminder import SentReminder
from appointments.models.waiting import EarlierOffer, Waiting

__all__ = [
    "Appointment",
    "BankHoliday",
    "Channel",
    "Closure",
    "Desk",
    "DeskService",
    "EarlierOffer",
    "ExtraOpening",
    "Lanes",
    "Location",
    "OccupiedCell",
    "OpeningRule",
    "Postcode",
    "SentReminder",
    "Service",
    "Waiting",
]
