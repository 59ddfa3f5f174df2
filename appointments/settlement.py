"""Who is affected where desks are closed, and what would become of each appointment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from appointments import availability, rules
from appointments.actions.settling import Fate, fate_without_desk
from appointments.availability import Lane
from appointments.models import Appointment, Channel, Desk, DeskService, Lanes


@dataclass(frozen=True)
class Prospect:
    """An appointment whose desk is closed, and what settling it would do now."""

    appointment: Appointment
    fate: Fate
    desk: Desk | None = None  # the equal desk that is free


def prospects(affected: Sequence[Appointment], *, now: datetime) -> list[Prospect]:
    """What would become of these, soonest first, in six queries however many there are.

    Two that want one lane do not both get it here, as they will not when they are settled.
    """
    if not affected:
        return []
    equals = _Equals(affected, now)
    found = []
    for made in affected:
        desk = equals.take(made)
        fate = Fate.MOVED if desk else fate_without_desk(made)
        found.append(Prospect(made, fate, desk))
    return found


class _Equals:
    """The equal desks of these appointments, with what is free at them."""

    def __init__(self, affected: Sequence[Appointment], now: datetime) -> None:
        self.now = now
        services = {made.service_id for made in affected}
        self.desks: dict[tuple[int, str], list[Desk]] = defaultdict(list)
        offers = DeskService.objects.filter(service__in=services, service__active=True)
        for offer in offers.select_related("desk").order_by("desk"):
            self.desks[offer.service_id, offer.channel].append(offer.desk)
        every = {desk.pk: desk for desks in self.desks.values() for desk in desks}
        first, last = (rules.local_day(each(m.starts_at for m in affected)) for each in (min, max))
        self.free = availability.free_masks(
            list(every.values()), first, last, now=now, lanes=Lanes.STAFF
        )

    def take(self, made: Appointment) -> Desk | None:
        """An equal desk where it fits at its time, no longer free for the next one."""
        for desk in self.desks[made.service_id, made.channel]:
            elsewhere = made.channel == Channel.IN_PERSON and (
                desk.location_id != made.desk.location_id
            )
            if desk.pk == made.desk_id or elsewhere:
                continue
            for lane in (Lane(desk.pk, number) for number in desk.lanes_for(Lanes.STAFF)):
                if self._fits(made, lane):
                    taken = self.free.days.span(made.busy_from, made.busy_to)
                    self.free.masks[lane] &= ~rules.mask(*taken)
                    return desk
        return None

    def _fits(self, made: Appointment, lane: Lane) -> bool:
        """By the same rule as any search, asked about one lane."""
        one = replace(self.free, masks={lane: self.free.masks[lane]})
        marks_of = availability.starts(
            one, made.service, now=self.now, minutes=made.minutes, lanes=Lanes.STAFF
        )
        return bool(one.lanes_at(marks_of, made.starts_at))
