"""What staff see of loads and of owners in quarantine; they change nothing here."""

from __future__ import annotations

from django.contrib import admin

from stockport.admin import ReadOnlyAdmin, ReadOnlyInline
from stockport.feeds.models import FeedRun, Quarantine


class QuarantineInline(ReadOnlyInline):
    model = Quarantine
    fields = ("table", "key", "reasons", "since", "released_at")


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    list_display = ("source", "extracted_at", "kind", "state", "started_at", "finished_at")
    list_filter = ("state", "source", "kind")
    date_hierarchy = "extracted_at"
    search_fields = ("source",)
    ordering = ("-started_at",)
    inlines = (QuarantineInline,)


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnlyAdmin):
    list_display = ("table", "key", "source", "since", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter), "table", "source")
    search_fields = ("key",)
    ordering = ("-since",)
