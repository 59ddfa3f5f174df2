"""What can happen to an appointment. Every writer locks the desk before it looks or writes."""

from appointments.actions.booking import confirm, hold, save_details
from appointments.actions.calling import book_for
from appointments.actions.cancelling import cancel
from appointments.actions.closing import close, tidy
from appointments.actions.cooling import end_cool_offs
from appointments.actions.moving import move
from appointments.actions.reminding import remind, remind_by_text
from appointments.actions.settling import settle
from appointments.actions.visiting import take_note
from appointments.actions.waiting import accept, decline, pass_on_offers, stop_waiting, wait

__all__ = [
    "accept",
    "book_for",
    "cancel",
    "close",
    "confirm",
    "decline",
    "end_cool_offs",
    "hold",
    "move",
    "pass_on_offers",
    "remind",
    "remind_by_text",
    "save_details",
    "settle",
    "stop_waiting",
    "take_note",
    "tidy",
    "wait",
]
