"""Appointments, which staff see and cancel by action, and the cells that they occupy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction

from appointments import actions, erasing
from appointments.admin.acts import ActsAdmin
from appointments.admin.reports import ReportsAdmin
from appointments.admin.settling import SettlingAdmin
from appointments.admin.visits import VisitsAdmin
from appointments.errors import CannotCancel
from appointments.models import Appointment, OccupiedCell
from stockport.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Appointment)
class AppointmentAdmin(ActsAdmin, SettlingAdmin, VisitsAdmin, ReportsAdmin):
    """Seen, never edited: what happens to an appointment goes through an action."""

    list_display = ["reference", "starts_at", "service", "desk", "status", "who"]
    list_filter = ["status", "service", "desk__location", "channel"]
    list_select_related = ["service", "desk__location", "resident"]
    search_fields = ["reference", "resident__email", "phone", "text_to", "caller_name"]
    date_hierarchy = "starts_at"
    actions = ["cancel_for_the_council", "forget"]
    readonly_fields = ["doing"]
    view_on_site = False  # the page is the resident's own
    change_list_template = "admin/appointments/appointments.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What can be done stands first."""
        fields = super().get_fields(request, obj)
        return ["doing", *[name for name in fields if name != "doing"]]

    @admin.action(description="Cancel for the council, and e-mail the residents")
    def cancel_for_the_council(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> None:
        """Cancel each one that is not over; say how many, and which could not be cancelled."""
        if not request.user.has_perm("appointments.change_appointment"):
            messages.error(request, "You may not cancel appointments.")
            return
        done = 0
        for appointment in queryset.filter(status=Appointment.Status.BOOKED).order_by("pk"):
            try:
                with transaction.atomic():
                    cancelled = actions.cancel(appointment=appointment, by_council=True)
                    self.log_change(request, cancelled, "Cancelled by the council.")
                done += 1
            except CannotCancel:
                messages.warning(request, f"{appointment.reference} is over.")
        messages.success(request, f"Cancelled: {done}.")

    @admin.action(description="Forget who they were for: people without an account")
    @transaction.atomic
    def forget(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> None:
        """For somebody who asks for it; what lies ahead has to be cancelled first."""
        if not request.user.has_perm("appointments.change_appointment"):
            raise PermissionDenied
        chosen = list(queryset.filter(anonymised_at=None).values_list("pk", flat=True))
        among = Appointment.objects.filter(pk__in=chosen)
        done = erasing.forget(among)
        for forgotten in among.exclude(anonymised_at=None):
            self.log_change(request, forgotten, "Forgot who it was for.")
        messages.success(request, f"Forgotten: {done}. Left alone: {len(chosen) - done}.")


@admin.register(OccupiedCell)
class OccupiedCellAdmin(ReadOnlyAdmin):
    """Five-minute cells, for looking into a fault."""

    list_display = ["desk", "lane", "cell", "appointment"]
    list_select_related = ["desk__location", "appointment"]
    search_fields = ["appointment__reference"]
