"""What the admin pages of every kind of letter share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from stockport.letters.models import Letter, LetterQuerySet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class DeliveredFilter(admin.SimpleListFilter):
    """Letters whose file the council has not put where the portal looks for it."""

    title = "file"
    parameter_name = "file"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Not delivered"), ("here", "Here")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Letter]) -> QuerySet[Letter]:
        letters: LetterQuerySet[Letter] = LetterQuerySet(queryset.model)
        chosen = {"missing": letters.undelivered, "here": letters.delivered}
        return queryset & chosen[self.value() or ""]() if self.value() in chosen else queryset


class SaysWhetherHere:
    """A column that says whether residents can open the letter."""

    @admin.display(description="file is here", boolean=True)
    def is_delivered(self, document: Letter) -> bool:
        """Whether residents can open it."""
        return document.is_delivered
