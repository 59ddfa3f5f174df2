"""The days on which staff were told what did not arrive."""

from __future__ import annotations

from django.contrib import admin

from stockport.admin import ReadOnlyAdmin
from stockport.outbox.models import MorningMail


@admin.register(MorningMail)
class MorningMailAdmin(ReadOnlyAdmin):
    """One a day at most, and none on a day with nothing to say."""

    list_display = ("day", "made_at", "delivery")
    list_select_related = ("delivery",)
    search_fields = ("day",)
    ordering = ("-day",)
