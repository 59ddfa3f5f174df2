"""Which questions a booking asks, and which still want an answer: pure functions."""

from __future__ import annotations

from appointments.models import Appointment, Channel


def steps_of(appointment: Appointment) -> list[str]:
    """The pages that this appointment asks, in order."""
    asked = {
        "people": appointment.service.max_people > 1,
        "needs": True,
        "language": appointment.needs_interpreter,
        "phone": appointment.channel == Channel.PHONE,
        "address": appointment.channel == Channel.HOME,
        "notes": True,
    }
    return [step for step, wanted in asked.items() if wanted]


def missing(appointment: Appointment) -> str | None:
    """The first page without which it cannot be booked, if it has not been answered."""
    if appointment.needs_interpreter and not appointment.language:
        return "language"
    if appointment.channel == Channel.PHONE and not appointment.phone:
        return "phone"
    if appointment.channel == Channel.HOME and not appointment.address:
        return "address"
    return None


def before(appointment: Appointment, step: str) -> str | None:
    """The page before this one, None before the first."""
    steps = steps_of(appointment)
    place = steps.index(step)
    return steps[place - 1] if place else None


def after(appointment: Appointment, step: str) -> str | None:
    """The page after this one, None after the last."""
    following = steps_of(appointment)[steps_of(appointment).index(step) + 1 :]
    return following[0] if following else None
