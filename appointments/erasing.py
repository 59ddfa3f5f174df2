"""Forgetting a resident: their time is free for others at once, and no row names them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from appointments.actions.cancelling import withdraw
from appointments.actions.locks import free_cells, lock_desks, lock_resident
from appointments.actions.waiting import decline
from appointments.models import Appointment, EarlierOffer, Waiting
from appointments.models.status import TO_COME
from stockport.services import Erasure

if TYPE_CHECKING:
    from accounts.models import Resident
    from appointments.models.booking import AppointmentQuerySet

FORGOTTEN = {
    "resident": None,
    "phone": "",
    "text_to": "",
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
    """Forget who had no account and whose appointment is long over; says how many."""
    return forget(Appointment.objects.filter(ends_at__lt=timezone.now() - KEEP_CALLERS))


def forget(appointments: AppointmentQuerySet) -> int:
    """Anonymise those of people without an account that do not lie ahead; says how many.

    Who has an account closes it; for everybody else staff do this when they ask.
    """
    now = timezone.now()
    theirs = appointments.kept().filter(resident=None, anonymised_at=None)
    over = theirs.exclude(status__in=TO_COME, ends_at__gt=now)
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
    lock_desks([*mine.order_by().values_list("desk", flat=True), *_desks_offered(resident)])
    forgotten = _stop_waiting(resident)
    drafts = mine.filter(status__in=[Appointment.Status.HELD, Appointment.Status.EXPIRED])
    free_cells(drafts.order_by("pk").values_list("pk", flat=True))
    deleted, _ = drafts.delete()
    for ahead in mine.booked().filter(starts_at__gt=now).order_by("pk"):
        withdraw(ahead, Appointment.Status.CANCELLED_BY_RESIDENT, now=now)
    return Erasure(
        deleted=deleted + forgotten, anonymised=mine.update(**FORGOTTEN, anonymised_at=now)
    )


def _desks_offered(resident: Resident) -> list[int]:
    offers = EarlierOffer.objects.for_resident(resident).pending()
    return list(offers.order_by().values_list("desk", flat=True))


def _stop_waiting(resident: Resident) -> int:
    """Take the resident off the list and pass on what is kept; says how many rows are gone."""
    waiting, _ = Waiting.objects.for_resident(resident).delete()
    offers = EarlierOffer.objects.for_resident(resident)
    for offer in offers.pending().select_related("appointment"):
        decline(offer=offer)
    offered, _ = offers.delete()
    return waiting + offered
