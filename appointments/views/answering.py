"""Answering: one question a page about a held time, then check and book."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from appointments import actions, steps, summary
from appointments.errors import SlotTaken
from appointments.forms import STEPS
from appointments.models import Appointment, Channel
from appointments.places import NoSuchPlace, place_of
from appointments.rules import local_day
from appointments.views.taken import time_taken


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, uuid: UUID, step: str) -> HttpResponse:
    """One question; the answer is kept at once, so that nothing is lost whatever happens next."""
    draft = _mine(request, uuid)
    if draft.booked_at is not None:
        return redirect(draft)
    if step not in steps.steps_of(draft):
        raise Http404("Not a question of this appointment.")
    form = STEPS[step](request.POST if request.method == "POST" else None, appointment=draft)
    if form.is_valid():
        form.save()
        return redirect(_next(draft, step, changing="change" in request.GET))
    if draft.status == Appointment.Status.EXPIRED:
        return _lost(request, draft)
    context = {**_context(draft), "form": form, "back": _back(draft, step)}
    return render(request, "appointments/step.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything once more, and the button that books it. Pressed twice, it books once."""
    draft = _mine(request, uuid)
    if draft.booked_at is not None:
        return redirect("appointments:booked", draft.uuid)
    if draft.status == Appointment.Status.EXPIRED:
        return _lost(request, draft)
    if unanswered := steps.missing(draft):
        return redirect("appointments:step", draft.uuid, unanswered)
    if request.method == "POST":
        try:
            actions.confirm(appointment=draft)
        except SlotTaken:
            return _lost(request, draft)
        return redirect("appointments:booked", draft.uuid)
    context = {
        **_context(draft),
        "facts": summary.facts(draft),
        "answers": summary.answers(draft, change=True),
        "back": reverse("appointments:step", args=[draft.uuid, "notes"]),
    }
    return render(request, "appointments/check.html", context)


def _mine(request: HttpRequest, uuid: UUID) -> Appointment:
    mine = Appointment.objects.for_resident(resident_of(request)).with_place()
    return get_object_or_404(mine, uuid=uuid)


def _context(draft: Appointment) -> dict[str, object]:
    expires = draft.hold_expires_at
    return {"appointment": draft, "running": expires is not None and expires > timezone.now()}


def _next(draft: Appointment, step: str, *, changing: bool) -> str:
    """The next question, or check answers: at the end, and after a change that leaves none open."""
    following = steps.missing(draft) if changing else steps.after(draft, step)
    if following:
        return reverse("appointments:step", args=[draft.uuid, following])
    return reverse("appointments:check", args=[draft.uuid])


def _back(draft: Appointment, step: str) -> str:
    """The question before, or the times of the day."""
    if before := steps.before(draft, step):
        return reverse("appointments:step", args=[draft.uuid, before])
    day = local_day(draft.starts_at).isoformat()
    return reverse("appointments:times", args=[draft.service.slug, _place_slug(draft), day])


def _place_slug(draft: Appointment) -> str:
    in_person = draft.channel == Channel.IN_PERSON
    return draft.desk.location.slug if in_person else draft.channel


def _lost(request: HttpRequest, draft: Appointment) -> HttpResponse:
    """The time has gone: others near it, or the list of places where it is not given there now."""
    try:
        place = place_of(draft.service, _place_slug(draft))
    except NoSuchPlace:
        return redirect("appointments:places", draft.service.slug)
    return time_taken(request, draft.service, place, draft.starts_at)
