"""Reports without an account: who is written to, and what waits to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from stockport.admin import ReadOnlyAdmin, ReadOnlyInline
from street_reports.models import Contact, Unconfirmed

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class ContactInline(ReadOnlyInline):
    """Who made the report or follows it without an account."""

    model = Contact
    fk_name = "report"
    fields = (
        "email", "is_reporter", "created_at", "information", "wants_updates", "merged_from",
    )  # fmt: skip
    ordering = ("created_at",)
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names that the rows show."""
        return super().get_queryset(request).select_related("merged_from")


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """Everybody without an account."""

    list_display = ("email", "report", "is_reporter", "wants_updates", "created_at")
    list_filter = ("is_reporter", "wants_updates")
    list_select_related = ("report",)
    search_fields = ("=email", "=report__reference")
    search_help_text = "The whole e-mail address, or our reference"
    exclude = ("delivery",)
    ordering = ("-created_at",)


@admin.register(Unconfirmed)
class UnconfirmedAdmin(ReadOnlyAdmin):
    """What nobody has confirmed yet; it goes after two days. Staff cannot confirm it."""

    list_display = ("email", "fault", "location", "created_at", "contact")
    list_select_related = ("fault", "contact")
    search_fields = ("=email", "location")
    search_help_text = "The whole e-mail address, or the place"
    exclude = ("delivery",)
    ordering = ("-created_at",)
