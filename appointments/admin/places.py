"""Places and their desks, with the hours of each."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import models

from appointments import desk_calendar
from appointments.admin.day import DayAdmin
from appointments.admin.hours import HoursAdmin
from appointments.models import Desk, DeskService, ExtraOpening, Location, OpeningRule, Postcode
from stockport.admin import ReadOnlyAdmin, TabularInline

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class DeskServiceInline(TabularInline):
    model = DeskService
    extra = 0


class OpeningRuleInline(TabularInline):
    model = OpeningRule
    extra = 0


class ExtraOpeningInline(TabularInline):
    model = ExtraOpening
    extra = 0


@admin.register(Location)
class LocationAdmin(DayAdmin, HoursAdmin):
    list_display = ["name", "address", "postcode", "step_free", "hearing_loop", "today"]
    search_fields = ["name", "address", "postcode"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningRuleInline, ExtraOpeningInline]


@admin.register(Desk)
class DeskAdmin(HoursAdmin):
    list_display = ["name", "location", "kind", "lanes", "walk_in_lanes", "online"]
    list_filter = ["location", "kind", "online"]
    list_select_related = ["location"]
    search_fields = ["name", "location__name"]
    inlines = [DeskServiceInline, OpeningRuleInline, ExtraOpeningInline]
    actions = ["make_address", "switch_address_off"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The secret address only for who can change it."""
        return ["calendar_address"] if self.has_change_permission(request, obj) else []

    @admin.display(description="Address of its calendar")
    def calendar_address(self, desk: Desk) -> str:
        """What colleagues subscribe to: whoever has it sees when what is booked, not for whom."""
        made = desk_calendar.ADDRESSES.of(desk.calendar_key)
        return made or "None: choose “Make a new calendar address” in the list of desks."

    @admin.action(description="Make a new calendar address", permissions=["change"])
    def make_address(self, request: HttpRequest, chosen: QuerySet[Desk]) -> None:
        """The address that it had stops working."""
        for desk in chosen:
            self._change_address(request, desk, uuid.uuid4(), "Made a new calendar address.")
        messages.success(request, "Each of these desks has a new address: it is on its page.")

    @admin.action(description="Switch the calendar address off", permissions=["change"])
    def switch_address_off(self, request: HttpRequest, chosen: QuerySet[Desk]) -> None:
        """Nobody can read it any more."""
        for desk in chosen:
            self._change_address(request, desk, None, "Switched the calendar address off.")
        messages.success(request, "Nobody can read the calendars of these desks any more.")

    def _change_address(
        self, request: HttpRequest, desk: Desk, key: uuid.UUID | None, words: str
    ) -> None:
        desk.calendar_key = key
        desk.save(update_fields=["calendar_key"])
        self.log_change(request, desk, words)


@admin.register(Postcode)
class PostcodeAdmin(ReadOnlyAdmin):
    """What distances are worked out from; import_postcodes fills it."""

    list_display = ["code", "latitude", "longitude"]
    search_fields = ["code__istartswith"]
