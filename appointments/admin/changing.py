"""The pages on which staff move and cancel an appointment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from appointments import actions, rules, summary
from appointments.admin.booking import may_overbook, refuse
from appointments.errors import AppointmentError
from appointments.forms.staff import StaffCancelForm, StaffTimeForm, StaffTimes, WhereForm
from appointments.places import place_slug, places

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from appointments.admin.acts import ActsAdmin
    from appointments.models import Appointment
    from appointments.places import Place


def move_page(acts: ActsAdmin, request: HttpRequest, booked: Appointment) -> HttpResponse:
    """Another place, day or time, as long and by the same channel as before."""
    about = _about(booked)
    found = [p for p in places(booked.service, for_staff=True) if p.channel == booked.channel]
    now_at = {"place": place_slug(booked), "day": rules.local_day(booked.starts_at).isoformat()}
    sent = {**now_at, **request.GET.dict()}
    where = WhereForm(sent, service=booked.service, found=found, moving=True)
    if not where.is_valid():
        return acts.page(request, "Move", where=where, about=about)
    place, day = where.cleaned_data["place"], where.cleaned_data["day"]
    times = StaffTimes(booked, place, day, over=may_overbook(request))
    form = StaffTimeForm(request.POST or None, times=times)
    if form.is_valid() and (moved := _moved(acts, request, form, booked, place)):
        return acts.done(request, moved, "Moved")
    return acts.page(request, "Move", where=where, form=form, about=about, button="Move")


def _moved(
    acts: ActsAdmin, request: HttpRequest, form: StaffTimeForm, booked: Appointment, place: Place
) -> Appointment | None:
    """Move it and put it on record; None, with the reason in the form, where it is refused."""
    start, reason = form.cleaned_data["start"], form.cleaned_data.get("reason", "")
    try:
        with transaction.atomic():
            moved = actions.move(
                appointment=booked, place=place, starts_at=start, by_staff=True, reason=reason
            )
            over = ", over what is full" if moved.overbook_reason else ""
            acts.log_change(request, moved, f"Moved from {summary.when(booked)}{over}.")
        return moved
    except AppointmentError as refusal:
        refuse(form, refusal)
        return None


def cancel_page(acts: ActsAdmin, request: HttpRequest, booked: Appointment) -> HttpResponse:
    """Who cancels, and why."""
    form = StaffCancelForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            by_council, reason = form.cleaned_data["who"] == "council", form.cleaned_data["reason"]
            cancelled = actions.cancel(
                appointment=booked, by_council=by_council, by_staff=True, reason=reason
            )
            acts.log_change(request, cancelled, f"{cancelled.get_status_display()}.")
        return acts.done(request, cancelled, "Cancelled")
    title = "Cancel the appointment"
    return acts.page(request, title, form=form, about=_about(booked), button=title)


def _about(booked: Appointment) -> list[str]:
    reach = ", ".join(word for word in (booked.who, booked.phone, booked.caller_email) if word)
    return [booked.service.name, reach, f"Now: {summary.when(booked)}, {booked.where}"]
