"""Places and their desks, with the hours of each."""

from __future__ import annotations

from django.contrib import admin

from appointments.models import Desk, DeskService, Location, OpeningRule
from stockport.admin import ModelAdmin, TabularInline


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
