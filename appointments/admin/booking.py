"""The page on which staff book for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from appointments import actions
from appointments.errors import AlreadyBooked, AppointmentError
from appointments.forms.staff import CallForm, StaffTimes, WhereForm
from appointments.models import Appointment, Service
from appointments.places import places

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from appointments.admin.acts import ActsAdmin
    from appointments.places import Place

TITLE = "Book for somebody"


def may_overbook(request: HttpRequest) -> bool:
    """Whether this member of staff may book over what is full."""
    return bool(request.user.has_perm("appointments.overbook_appointment"))


def book_page(acts: ActsAdmin, request: HttpRequest) -> HttpResponse:
    """What for; then where and when, for whom, and what they need. The address says what for."""
    offered = Service.objects.filter(active=True)
    service = offered.filter(slug=request.GET.get("service", "")).first()
    if service is None:
        return acts.page(request, TITLE, services=offered)
    found = places(service, for_staff=True)
    where = WhereForm(request.GET.dict(), service=service, found=found)
    if not where.is_valid():
        return acts.page(request, TITLE, where=where, about=[service.name])
    people, longer = where.cleaned_data["people"], where.cleaned_data["longer"]
    wanted = Appointment(service=service, people=people, needs_longer=longer)
    place, day = where.cleaned_data["place"], where.cleaned_data["day"]
    times = StaffTimes(wanted, place, day, over=may_overbook(request))
    form = CallForm(request.POST or None, times=times, channel=place.channel)
    if form.is_valid() and (made := _booked(acts, request, form, wanted, place)):
        return acts.done(request, made, "Booked")
    about = [f"{service.name}, {wanted.minutes_needed} minutes", *service.things_to_bring]
    return acts.page(request, TITLE, where=where, form=form, about=about, button="Book")


def _booked(
    acts: ActsAdmin, request: HttpRequest, form: CallForm, wanted: Appointment, place: Place
) -> Appointment | None:
    """Book it and put it on record; None, with the reason in the form, where it is refused."""
    for name, value in form.fields_of_appointment().items():
        setattr(wanted, name, value)
    start, reason = form.cleaned_data["start"], form.cleaned_data.get("reason", "")
    try:
        with transaction.atomic():
            made = actions.book_for(wanted=wanted, place=place, starts_at=start, reason=reason)
            # The reason is on the appointment, where it is forgotten in time.
            over = ", over what is full" if made.overbook_reason else ""
            acts.log_addition(request, made, f"Booked for somebody{over}.")
        return made
    except AppointmentError as refusal:
        refuse(form, refusal)
        return None


def refuse(form: forms.Form, refusal: AppointmentError) -> None:
    """Say in the form why it cannot be done."""
    if isinstance(refusal, AlreadyBooked):
        form.add_error("start", f"They have another then: {refusal.existing.reference}.")
    else:
        form.add_error("start", "This time has just been taken. Choose another time.")
