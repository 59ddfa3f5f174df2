"""Staff edit places, desks, services and hours; appointments they see, and cancel by action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from appointments import actions
from appointments.errors import CannotCancel
from appointments.models import (
    Appointment,
    BankHoliday,
    Closure,
    Desk,
    DeskService,
    Location,
    OccupiedCell,
    OpeningRule,
    Service,
)
from stockport.admin import ModelAdmin, ReadOnlyAdmin, TabularInline

if TYPE_CHECKING:
    from django.forms import ModelForm

NAMED = 20


class DeskServiceInline(TabularInline):
    model = DeskService
    extra = 0


class OpeningRuleInline(TabularInline):
    model = OpeningRule
    extra = 0


@admin.register(Location)
class LocationAdmin(ModelAdmin):
    list_display = ["name", "address", "postcode", "step_free", "hearing_loop"]
    search_fields = ["name", "address", "postcode"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningRuleInline]


@admin.register(Desk)
class DeskAdmin(ModelAdmin):
    list_display = ["name", "location", "kind", "lanes", "online"]
    list_filter = ["location", "kind", "online"]
    list_select_related = ["location"]
    search_fields = ["name", "location__name"]
    inlines = [DeskServiceInline, OpeningRuleInline]


@admin.register(Service)
class ServiceAdmin(ModelAdmin):
    list_display = ["name", "duration", "step", "min_notice", "max_advance", "active"]
    list_filter = ["active"]
    search_fields = ["name", "summary"]
    prepopulated_fields = {"slug": ["name"]}


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


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    """Seen, never edited: what happens to an appointment goes through an action."""

    list_display = ["reference", "starts_at", "service", "desk", "status", "resident"]
    list_filter = ["status", "service", "desk__location", "channel"]
    list_select_related = ["service", "desk__location", "resident"]
    search_fields = ["reference", "resident__email", "phone"]
    date_hierarchy = "starts_at"
    actions = ["cancel_for_the_council"]

    @admin.action(description="Cancel for the council, and e-mail the residents")
    def cancel_for_the_council(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> None:
        """Cancel each one that is not over; say how many, and which could not be cancelled."""
        if not request.user.has_perm("appointments.change_appointment"):
            messages.error(request, "You may not cancel appointments.")
            return
        done = 0
        for appointment in queryset.filter(status=Appointment.Status.BOOKED).order_by("pk"):
            try:
                actions.cancel(appointment=appointment, by_council=True)
                done += 1
            except CannotCancel:
                messages.warning(request, f"{appointment.reference} is over.")
        messages.success(request, f"Cancelled: {done}.")


@admin.register(OccupiedCell)
class OccupiedCellAdmin(ReadOnlyAdmin):
    """Five-minute cells, for looking into a fault."""

    list_display = ["desk", "lane", "cell", "appointment"]
    list_select_related = ["desk__location", "appointment"]
    search_fields = ["appointment__reference"]
