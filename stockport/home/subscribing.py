"""The page on which residents subscribe to their calendar, and what calendar programs then read."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from stockport import calendars
from stockport.home.calendar import (
    ADDRESSES,
    Unavailable,
    events,
    switch_off,
    switch_on,
    whose,
)
from stockport.reauthentication import password_again


class ButtonForm(forms.Form):
    """Which button was pressed."""

    act = forms.ChoiceField(choices=[("on", "Make an address"), ("off", "Switch it off")])


@password_again
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The address of the resident's calendar, and buttons to make, replace or switch it off."""
    resident = request.user
    if not resident.is_authenticated:
        raise PermissionDenied
    form = ButtonForm(request.POST)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["act"] == "on":
            switch_on(resident)
            messages.success(request, "Your calendar has a new address.")
        else:
            switch_off(resident)
            messages.success(request, "Your calendar has no address any more.")
        return redirect("home:calendar")
    address = ADDRESSES.of(resident.calendar_key)
    context = {"address": address, "subscription": calendars.subscription(address)}
    return render(request, "home/calendar.html", context)


@calendars.read_at(ADDRESSES)
def feed(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The calendar of a resident; 404 where its address was replaced or switched off."""
    resident = whose(key)
    if resident is None:
        raise Http404("No such calendar.")
    try:
        found = events(resident, timezone.localdate())
    except Unavailable:
        # Programs keep what they have until they are answered.
        return HttpResponse(status=503, headers={"Retry-After": "600"})
    return calendars.answer(request, found, name="My Account")
