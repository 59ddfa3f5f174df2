"""Who waits for an earlier time, what they were offered, and who was reminded."""

from __future__ import annotations

from django.contrib import admin

from appointments.models import EarlierOffer, SentReminder, Waiting
from stockport.admin import ReadOnlyAdmin

SEARCH = ["appointment__reference", "appointment__resident__email"]


@admin.register(Waiting)
class WaitingAdmin(ReadOnlyAdmin):
    """The list, the longest wait first."""

    list_display = ["appointment", "created_at", "mornings", "afternoons", "anywhere"]
    list_select_related = ["appointment"]
    search_fields = SEARCH


@admin.register(EarlierOffer)
class EarlierOfferAdmin(ReadOnlyAdmin):
    """Every offer and what became of it."""

    list_display = ["appointment", "starts_at", "desk", "instead", "state", "made_at", "expires_at"]
    list_filter = ["state", "instead"]
    list_select_related = ["appointment", "desk__location"]
    search_fields = SEARCH


@admin.register(SentReminder)
class SentReminderAdmin(ReadOnlyAdmin):
    """Every reminder."""

    list_display = ["appointment", "starts_at", "hours", "sent_at"]
    list_select_related = ["appointment"]
    search_fields = SEARCH
