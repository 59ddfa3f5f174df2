"""What closes desks: closures and bank holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages

from appointments import actions
from appointments.models import BankHoliday, Closure
from stockport.admin import ModelAdmin

if TYPE_CHECKING:
    from django.forms import ModelForm
    from django.http import HttpRequest

NAMED = 20


@admin.register(Closure)
class ClosureAdmin(ModelAdmin):
    """Closing locks the desks first, and then says whose appointments stand in the way."""

    list_display = ["__str__", "kind", "starts_at", "ends_at", "reason"]
    list_filter = ["kind", "location"]
    list_select_related = ["location", "desk__location"]
    search_fields = ["reason", "location__name", "desk__name"]
    date_hierarchy = "starts_at"

    def save_model(
        self, request: HttpRequest, obj: Closure, form: ModelForm[Closure], change: bool
    ) -> None:
        """Close, and warn about the appointments that are affected."""
        affected = actions.close(closure=obj)
        if not affected:
            return
        named = ", ".join(found.reference for found in affected[:NAMED])
        more = f" and {len(affected) - NAMED} more" if len(affected) > NAMED else ""
        messages.warning(request, f"Appointments in this time, to move or cancel: {named}{more}.")


@admin.register(BankHoliday)
class BankHolidayAdmin(ModelAdmin):
    list_display = ["date", "title"]
    search_fields = ["title"]
