"""Places and their desks, with the hours of each."""

from __future__ import annotations

from django.contrib import admin

from appointments.admin.day import DayAdmin
from appointments.admin.hours import HoursAdmin
from appointments.models import Desk, DeskService, ExtraOpening, Location, OpeningRule, Postcode
from stockport.admin import ReadOnlyAdmin, TabularInline


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


@admin.register(Postcode)
class PostcodeAdmin(ReadOnlyAdmin):
    """What distances are worked out from; import_postcodes fills it."""

    list_display = ["code", "latitude", "longitude"]
    search_fields = ["code__istartswith"]
