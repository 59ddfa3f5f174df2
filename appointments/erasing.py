"""Forgetting a resident: their time is free for others at once, and no row names them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from appointments.actions.cancelling import withdraw
from appointments.actions.locks import free_cells, lock_desks, lock_resident
from appointments.models import Appointment
from stockport.services import Erasure

if TYPE_CHECKING:
    from accounts.models import Resident

FORGOTTEN = {
    "resident": None,
    "phone": "",
    "address": "",
    "notes": "",
    "language": "",
    "cancel_reason": "",
    "caller_name": "",
    "caller_email": "",
    "overbook_reason": "",
    "needs_bsl": False,
    "needs_interpreter": False,
    "needs_step_free": False,
    "needs_hearing_loop": False,
    "needs_quiet_room": False,
    "needs_longer": False,
    "brings_someone": False,
}


KEEP_CALLERS = timedelta(days=30)


def forget_callers() -> int:
    """Anonymise appointments of people without an account that are long over; says how many.

    Nobody else asks for it: who has an account closes it.
    """
    now = timezone.now()
    callers = Appointment.objects.filter(resident=None, anonymised_at=None)
    over = callers.kept().filter(ends_at__lt=now - KEEP_CALLERS)
    return over.update(**FORGOTTEN, anonymised_at=now)


@transaction.atomic
def erase(resident: Resident) -> Erasure:
    """Cancel what lies ahead, delete what was only held, anonymise what was booked.

    What remains is a time at a desk: the council counts appointments and needs no name for that,
    so nothing is kept about the resident.
    """
    now = timezone.now()
    mine = Appointment.objects.for_resident(resident)
    lock_resident(resident.pk)
    lock_desks(mine.order_by().values_list("desk", flat=True))
    drafts = mine.filter(status__in=[Appointment.Status.HELD, Appointment.Status.EXPIRED])
    free_cells(drafts.order_by("pk").values_list("pk", flat=True))
    deleted, _ = drafts.delete()
    for ahead in mine.booked().filter(starts_at__gt=now).order_by("pk"):
        withdraw(ahead, Appointment.Status.CANCELLED_BY_RESIDENT, now=now)
    return Erasure(deleted=deleted, anonymised=mine.update(**FORGOTTEN, anonymised_at=now))
