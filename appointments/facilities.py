"""What a building must have for somebody who needs it; it says nothing of calls and visits."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from appointments.models import Appointment, Channel, Location


class Facility(NamedTuple):
    """Its word in an address, the field of a location that says it is there, and its name."""

    slug: str
    field: str
    words: str


# By the field of an appointment that says that somebody needs it.
FACILITIES = {
    "needs_step_free": Facility("step-free", "step_free", "step-free access"),
    "needs_hearing_loop": Facility("hearing-loop", "hearing_loop", "a hearing loop"),
    "needs_quiet_room": Facility("quiet-room", "quiet_room", "a quiet room"),
}


def needs_of(appointment: Appointment) -> tuple[str, ...]:
    """Which of these it needs."""
    return tuple(need for need in FACILITIES if getattr(appointment, need))


def missing_at(location: Location | None, needs: Collection[str]) -> list[str]:
    """What of it the building does not have: “step-free access”; nothing where nobody comes."""
    if location is None:
        return []
    wanted = (FACILITIES[need] for need in needs)
    return [each.words for each in wanted if not getattr(location, each.field)]


def missing_for(appointment: Appointment) -> list[str]:
    """What of it the building of this appointment does not have."""
    in_person = appointment.channel == Channel.IN_PERSON
    return missing_at(appointment.desk.location if in_person else None, needs_of(appointment))
