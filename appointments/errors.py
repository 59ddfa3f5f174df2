"""Why something cannot be done with an appointment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appointments.models import Appointment


class AppointmentError(Exception):
    """What every refusal of this app is."""


class SlotTaken(AppointmentError):
    """The time is not free, or no longer."""


class AlreadyBooked(AppointmentError):
    """The resident has `existing`: another at that time, or as many as the service allows."""

    def __init__(self, existing: Appointment) -> None:
        super().__init__(existing.reference)
        self.existing = existing


class CannotNote(AppointmentError):
    """Its day has not come, or something else was noted meanwhile."""


class CannotCancel(AppointmentError):
    """It is over, too close to cancel, or was never booked."""


class CannotMove(AppointmentError):
    """It is over, too close to move, or was never booked."""


class ChangedMeanwhile(AppointmentError):
    """Somebody else has just moved or cancelled it."""
