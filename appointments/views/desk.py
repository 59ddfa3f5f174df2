"""What the calendar programs of staff read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from appointments.desk_calendar import ADDRESSES, events
from appointments.models import Desk
from stockport import calendars


@calendars.read_at(ADDRESSES)
def feed(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The calendar of a desk; 404 where its address was replaced or switched off."""
    desk = get_object_or_404(Desk.objects.select_related("location"), calendar_key=key)
    return calendars.answer(request, events(desk, timezone.localdate()), name=str(desk))
