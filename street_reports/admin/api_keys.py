"""Keys of other people's apps: made here, shown once, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages

from stockport.admin import ModelAdmin, ReadOnlyInline
from street_reports.models import ApiKey, Submission, SubmittedUpdate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest


class _OfKey(ReadOnlyInline):
    """What came with a key."""

    ordering = ("created_at",)
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whose key it was."""
        return super().get_queryset(request).select_related("key")


class SubmissionInline(_OfKey):
    """What an app calls the report."""

    model = Submission
    fields = ("key", "kind", "reference", "created_at")


class SubmittedUpdateInline(_OfKey):
    """What an app added to it; the words are in the history."""

    model = SubmittedUpdate
    fields = ("key", "update_id", "created_at")


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    """A key that was used is switched off, not deleted: its reports say whose it was."""

    list_display = ("owner", "prefix", "contact", "is_active", "calls_per_minute", "last_used_at")
    list_filter = ("is_active",)
    search_fields = ("owner", "contact", "=prefix")
    fields = (
        "owner", "contact", "services", "calls_per_minute", "is_active", "prefix", "created_at",
        "last_used_at",
    )  # fmt: skip
    readonly_fields = ("prefix", "created_at", "last_used_at")
    ordering = ("owner", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: ModelForm[ApiKey], change: bool
    ) -> None:
        """A new one gets its key, which this page shows once and nothing else ever does."""
        key = "" if change else obj.set_new()
        super().save_model(request, obj, form, change)
        if key:
            said = f"The key is {key} Copy it now: it cannot be shown again."
            self.message_user(request, said, messages.WARNING)
