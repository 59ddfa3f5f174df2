"""What can happen to an appointment. Every writer locks the desk before it looks or writes."""

from appointments.actions.booking import confirm, hold, save_details
from appointments.actions.calling import book_for
from appointments.actions.cancelling import cancel
from appointments.actions.closing import close, tidy
from appointments.actions.moving import move
from appointments.actions.settling import settle
from appointments.actions.visiting import take_note

__all__ = [
    "book_for",
    "cancel",
    "close",
    "confirm",
    "hold",
    "move",
    "save_details",
    "settle",
    "take_note",
    "tidy",
]
