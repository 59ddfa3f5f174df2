"""Staff see which second steps are to be removed, and stop what should not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from accounts.http import resident_of
from accounts.models import SecondStepRemoval
from accounts.second_step.removing import keep_second_step
from stockport.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(SecondStepRemoval)
class SecondStepRemovalAdmin(ReadOnlyAdmin):
    """Asked for under Residents; each is carried out a day later unless it is stopped."""

    list_display = ("resident", "asked_at", "due_at")
    list_select_related = ("resident",)
    search_fields = ("=resident__email",)
    ordering = ("asked_at",)
    fields = ("resident", "asked_at", "due_at")
    actions = ("keep",)

    def has_keep_permission(self, request: HttpRequest) -> bool:
        """Whoever may ask for it may stop it."""
        return resident_of(request).has_perm("accounts.change_resident")

    @admin.action(description="Do not remove the selected second steps", permissions=["keep"])
    def keep(self, request: HttpRequest, queryset: QuerySet[SecondStepRemoval]) -> None:
        """Each resident is told by e-mail."""
        staff, chosen = resident_of(request), queryset.select_related("resident")
        kept = [one for one in chosen if keep_second_step(resident=one.resident, by=staff)]
        self.message_user(request, f"{len(kept)} not removed. Each was told by e-mail.")
