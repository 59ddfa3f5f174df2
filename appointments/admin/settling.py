"""The page of the appointments whose desks are closed: who, what would be done, and doing it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from accounts.listing import listed
from appointments import actions
from appointments.actions.settling import Fate
from appointments.models import Appointment, Closure
from appointments.settlement import prospects
from appointments.stranded import stranded
from stockport.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

MOST = 100  # at once: it is safe to go on


class SettleForm(forms.Form):
    """What residents read, and what becomes of those who are not moved."""

    reason = forms.CharField(
        label="What we tell them",
        max_length=200,
        initial="We are closed at that time.",
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="It is in the e-mails.",
    )
    cancel_rest = forms.BooleanField(
        label="Cancel those who cannot be moved, also those who were asked",
        required=False,
        help_text="Otherwise each is offered the nearest time by e-mail, which is kept for them, "
        "or asked to choose one. Whoever has such an offer to answer is not cancelled.",
    )


class SettlingAdmin(ReadOnlyAdmin):
    """The admin of appointments, with the page of those whose desks are closed."""

    def get_urls(self) -> list[URLPattern]:
        """With the address of the page."""
        view = self.admin_site.admin_view(self.settle_view)
        return [path("closed/", view, name="appointments_appointment_closed"), *super().get_urls()]

    def settle_view(self, request: HttpRequest) -> HttpResponse:
        """Everybody whose desk is closed, or those of `?closure=`; a POST settles them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        closure = request.GET.get("closure", "")
        rows = affected(_closure_or_404(closure)) if closure else stranded()
        may_settle = request.user.has_perm("appointments.change_appointment")
        form = SettleForm(request.POST or None)
        if request.method == "POST":
            if not may_settle:
                raise PermissionDenied
            if form.is_valid():
                self.settle(request, rows[:MOST], form.cleaned_data)
                return HttpResponseRedirect(request.get_full_path())
        found = prospects(rows, now=timezone.now())
        listed(request, Appointment._meta.label_lower, [made.pk for made in rows])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Appointments whose desk is closed",
            "prospects": [each for each in found if each.fate is not Fate.PHONE],
            "to_phone": [each for each in found if each.fate is Fate.PHONE],
            "form": form,
            "may_settle": may_settle,
        }
        return TemplateResponse(request, "admin/appointments/closed.html", context)

    def settle(self, request: HttpRequest, rows: list[Appointment], asked: dict[str, Any]) -> None:
        """Settle each in a transaction of its own, put it on record, and say what was done.

        Who can be moved comes first: no time at an equal desk is offered to others before.
        """
        done: Counter[Fate] = Counter()
        found = prospects(rows, now=timezone.now())
        for each in sorted(found, key=lambda each: each.fate is not Fate.MOVED):
            appointment = each.appointment
            with transaction.atomic():
                fate = actions.settle(appointment=appointment, **asked)
                if fate in (Fate.MOVED, Fate.OFFERED, Fate.ASKED, Fate.CANCELLED):
                    self.log_change(request, appointment, f"Its desk is closed. {fate.value}.")
            done[fate] += 1
        said = "; ".join(f"{fate.value}: {count}" for fate, count in done.items())
        self.message_user(request, f"{said}." if said else "Nobody is affected.")


def affected(closure: Closure) -> list[Appointment]:
    """Those whose desk is closed, by this closure among others."""
    return [made for made in stranded() if closure.is_in_the_way_of(made)]


def _closure_or_404(key: str) -> Closure:
    return get_object_or_404(Closure, pk=int(key) if key.isdecimal() and len(key) < 10 else 0)


def closed_url(closure: Closure | None = None) -> str:
    """The page of everybody whose desk is closed, or of those of one closure."""
    url = reverse("admin:appointments_appointment_closed")
    return f"{url}?closure={closure.pk}" if closure else url
