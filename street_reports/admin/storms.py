"""The switch of storm mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils import timezone

from accounts.http import resident_of
from stockport.admin import ModelAdmin
from street_reports.models import Storm

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry
    from django.forms import ModelForm
    from django.http import HttpRequest


@admin.register(Storm)
class StormAdmin(ModelAdmin):
    """One row, which migrations made: its history says who switched it when, and to what."""

    list_display = ("state", "message", "switched_at", "switched_by")
    list_select_related = ("switched_by",)
    search_fields = ("message",)
    fields = ("state", "is_on", "ends_at", "message", "switched_at", "switched_by")
    readonly_fields = ("state", "switched_at", "switched_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Storm | None = None) -> bool:
        return False

    @admin.display(description="now")
    def state(self, storm: Storm) -> str:
        """Whether it is on."""
        return str(storm)

    def save_model(
        self, request: HttpRequest, obj: Storm, form: ModelForm[Storm], change: bool
    ) -> None:
        """Remember who switched it; who only words the message does not."""
        if {"is_on", "ends_at"} & set(form.changed_data):
            obj.switched_at, obj.switched_by = timezone.now(), resident_of(request)
        super().save_model(request, obj, form, change)

    def log_change(self, request: HttpRequest, obj: Storm, message: Any) -> LogEntry:
        """What it was switched to, not only that something was changed."""
        return super().log_change(request, obj, f"{obj}. {obj.message}".strip())
