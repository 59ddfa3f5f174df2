"""Closing desks, and tidying up after holds that ran out."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from appointments.actions.locks import expire, lock_desks
from appointments.models import Appointment, Closure, Desk, EarlierOffer

KEEP_DRAFTS = timedelta(days=1)


@transaction.atomic
def close(*, closure: Closure) -> list[Appointment]:
    """Save the closure, and give the appointments that stand in its way, soonest first.

    Desks are locked first: whoever books at the same moment is either in the list or refused.
    """
    desks = Desk.objects.all()
    if closure.desk_id is not None:
        desks = desks.filter(pk=closure.desk_id)
    if closure.location_id is not None:
        desks = desks.filter(location=closure.location_id)
    locked = lock_desks(desks.values_list("pk", flat=True))
    closure.save()
    live = Appointment.objects.live(timezone.now()).filter(desk__in=locked)
    affected = live.overlapping(closure.starts_at, closure.ends_at).with_place()
    return list(affected.order_by("starts_at", "pk"))


def tidy() -> int:
    """Free the time of holds that ran out and forget old drafts; says how many holds it ended.

    Nothing depends on it: whoever wants the time of such a hold takes it (`locks.reap`).
    """
    now = timezone.now()
    ended = 0
    lapsed = Appointment.objects.lapsed(now)
    for desk_id in lapsed.order_by("desk").values_list("desk", flat=True).distinct():
        with transaction.atomic():
            lock_desks([desk_id])
            keys = list(lapsed.filter(desk=desk_id).order_by("pk").values_list("pk", flat=True))
            expire(keys)
            ended += len(keys)
    drafts = Appointment.objects.filter(status=Appointment.Status.EXPIRED)
    old = drafts.filter(created_at__lt=now - KEEP_DRAFTS)
    old.exclude(offered_as__state=EarlierOffer.State.PENDING).delete()
    return ended
