"""What can be booked."""

from __future__ import annotations

from django.contrib import admin

from appointments.models import Service
from stockport.admin import ModelAdmin


@admin.register(Service)
class ServiceAdmin(ModelAdmin):
    list_display = ["name", "duration", "step", "min_notice", "max_advance", "active"]
    list_filter = ["active"]
    search_fields = ["name", "summary"]
    prepopulated_fields = {"slug": ["name"]}
