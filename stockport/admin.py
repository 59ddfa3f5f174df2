"""What every page of the staff admin shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin

if TYPE_CHECKING:
    from django.http import HttpRequest

    # Django's own classes take no type argument at runtime, and mypy asks for one.
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline

admin.site.site_header = f"{settings.SERVICE_NAME}: {settings.COUNCIL_NAME} staff"
admin.site.site_title = f"{settings.SERVICE_NAME} staff"
admin.site.index_title = "Records"


class _OnlyLooking:
    """Permissions of staff who may look, and may not add, change or delete."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_OnlyLooking, ModelAdmin):
    """For what the back office owns: listed, searched and shown, never changed here."""


class ReadOnlyInline(_OnlyLooking, TabularInline):
    """Rows of such a record, shown on the page of what they belong to."""

    extra = 0
    show_change_link = True
