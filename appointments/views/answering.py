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
from appointments.choice import Choice
from appointments.errors import AlreadyBooked, SlotTaken
from appointments.facilities import missing_for
from appointments.forms import STEPS
from appointments.models import Appointment
from appointments.places import NoSuchPlace, Place, place_of, place_slug
from appointments.rules import local_day
from appointments.views.taken import already_booked, place_lacks, time_taken


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, uuid: UUID, step: str) -> HttpResponse:
    """One question; the answer is kept at once, so that nothing is lost whatever happens next."""
    draft = _mine(request, uuid)
    if draft.booked_at is not None:
        return redirect(draft)
    if newer := _moved_to(draft):
        return redirect("appointments:step", newer.uuid, step)
    if step not in steps.steps_of(draft):
        raise Http404("Not a question of this appointment.")
    form = STEPS[step](request.POST if request.method == "POST" else None, appointment=draft)
    if form.is_valid():
        form.save()
        return _answered(request, draft, step)
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
    if newer := _moved_to(draft):
        return redirect("appointments:check", newer.uuid)
    if draft.status == Appointment.Status.EXPIRED:
        return _lost(request, draft)
    if draft.minutes < draft.minutes_needed:
        return _lost(request, draft, too_short=True)
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
        "lacking": missing_for(draft),
        "choice": Choice.of(draft),
        "back": reverse("appointments:step", args=[draft.uuid, "notes"]),
    }
    return render(request, "appointments/check.html", context)


def _mine(request: HttpRequest, uuid: UUID) -> Appointment:
    mine = Appointment.objects.for_resident(resident_of(request)).with_place()
    return get_object_or_404(mine, uuid=uuid)


def _context(draft: Appointment) -> dict[str, object]:
    expires = draft.hold_expires_at
    return {"appointment": draft, "running": expires is not None and expires > timezone.now()}


def _moved_to(draft: Appointment) -> Appointment | None:
    """The hold that took this one's place when the resident chose again: one went back to here."""
    if draft.status != Appointment.Status.EXPIRED:
        return None
    mine = Appointment.objects.filter(resident=draft.resident, service=draft.service)
    return mine.live(timezone.now()).filter(status=Appointment.Status.HELD).first()


def _answered(request: HttpRequest, draft: Appointment, step: str) -> HttpResponse:
    """To the next page. Where the answers change how long it takes, its time is held anew."""
    place = _place(draft)
    if place and draft.minutes != draft.minutes_needed:
        try:
            draft = actions.hold(
                resident=resident_of(request),
                service=draft.service,
                place=place,
                starts_at=draft.starts_at,
                **Choice.of(draft).size,
            )
        except SlotTaken:
            return _lost(request, draft, too_short=True)
        except AlreadyBooked as refusal:
            return already_booked(request, refusal.existing, draft.service)
    following = _next(draft, step, changing="change" in request.GET)
    if step == "needs" and missing_for(draft):
        return place_lacks(request, draft, following)
    return redirect(following)


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
    return Choice.of(draft).times_url(place_slug(draft), local_day(draft.starts_at))


def _place(draft: Appointment) -> Place | None:
    """Where it is; None where the service is not given there any more."""
    try:
        return place_of(draft.service, place_slug(draft))
    except NoSuchPlace:
        return None


def _lost(request: HttpRequest, draft: Appointment, *, too_short: bool = False) -> HttpResponse:
    """The time has gone, or is too short: others near it; the places, where it is not given there.

    What was answered is kept either way.
    """
    choice, place = Choice.of(draft), _place(draft)
    if place is None:
        return redirect(choice.places_url)
    kept = draft if too_short else None
    return time_taken(request, choice, place, draft.starts_at, draft=kept)
