"""When desks are open and what closes them: every change says whose appointments it strands."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html

from accounts.http import resident_of
from appointments import actions
from appointments.actions.opening import changing_hours
from appointments.admin.settling import affected, closed_url
from appointments.bank_holidays import import_bank_holidays
from appointments.models import BankHoliday, Closure, ExtraOpening
from appointments.stranded import stranded
from stockport.admin import ModelAdmin

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

NAMED = 20


def say_who_is_stranded(request: HttpRequest) -> None:
    """Warn where appointments stand while their desk is closed."""
    if found := stranded():
        named = ", ".join(made.reference for made in found[:NAMED])
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        text = format_html(
            'Appointments whose desk is closed then: {}{}. <a href="{}">Move or cancel them</a>',
            named,
            more,
            closed_url(),
        )
        messages.warning(request, text)


class HoursAdmin(ModelAdmin):
    """Whoever changes hours keeps every desk meanwhile, and what they open goes to who waits."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add or change, with the hours beside it."""
        with changing_hours() if request.method == "POST" else nullcontext():
            return super().changeform_view(request, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """When all is saved, say who is stranded."""
        super().save_related(request, form, formsets, change)
        say_who_is_stranded(request)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete, and say who is stranded."""
        with changing_hours():
            super().delete_model(request, obj)
        say_who_is_stranded(request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The same for many."""
        with changing_hours():
            super().delete_queryset(request, queryset)
        say_who_is_stranded(request)


@admin.register(Closure)
class ClosureAdmin(HoursAdmin):
    """Closing locks the desks first; who books at that moment is listed or refused."""

    list_display = ["__str__", "kind", "starts_at", "ends_at", "reason"]
    list_filter = ["kind", "location"]
    list_select_related = ["location", "desk__location"]
    search_fields = ["reason", "location__name", "desk__name"]
    date_hierarchy = "starts_at"

    def save_model(
        self, request: HttpRequest, obj: Closure, form: ModelForm[Any], change: bool
    ) -> None:
        """Close."""
        actions.close(closure=obj)

    def response_add(
        self, request: HttpRequest, obj: Closure, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To those whom it affects, if anybody."""
        return _to_affected(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Closure) -> HttpResponse:
        """To those whom it affects, if anybody."""
        return _to_affected(request, obj) or super().response_change(request, obj)


def _to_affected(request: HttpRequest, closure: Closure) -> HttpResponse | None:
    """Unless another button was pressed than “Save”."""
    if {"_addanother", "_continue", "_popup"} & request.POST.keys() or not affected(closure):
        return None
    return HttpResponseRedirect(closed_url(closure))


@admin.register(ExtraOpening)
class ExtraOpeningAdmin(HoursAdmin):
    list_display = ["date", "opens", "closes", "location", "desk", "reason"]
    list_filter = ["location"]
    list_select_related = ["location", "desk__location"]
    search_fields = ["reason", "location__name", "desk__name"]
    date_hierarchy = "date"


@admin.register(BankHoliday)
class BankHolidayAdmin(HoursAdmin):
    """Bank holidays, which a button adds from the list of GOV.UK."""

    list_display = ["date", "title"]
    search_fields = ["title"]
    date_hierarchy = "date"
    change_list_template = "admin/appointments/bank_holidays.html"

    def get_urls(self) -> list[URLPattern]:
        """With the address of the button."""
        view = self.admin_site.admin_view(self.import_view)
        here = path("import/", view, name="appointments_bankholiday_import")
        return [here, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Add what is missing, put it on record, and go back to the list."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with transaction.atomic():
            added = import_bank_holidays()
            rows = BankHoliday.objects.filter(pk__in=[day.pk for day in added])
            LogEntry.objects.log_actions(
                resident_of(request).pk,
                rows,
                ADDITION,
                change_message="Imported from GOV.UK’s list.",
            )
        self.message_user(request, f"Bank holidays added: {len(added)}.")
        say_who_is_stranded(request)
        return HttpResponseRedirect(reverse("admin:appointments_bankholiday_changelist"))
