"""What staff see of loads and of owners in quarantine; they change nothing here."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stockport.admin import ReadOnlyAdmin
from stockport.feeds.models import Confirmation, FeedRun, Quarantine


def _as_lines(reasons: list[str]) -> SafeString:
    lines = format_html_join("", "<div>{}</div>", ((reason,) for reason in reasons))
    return lines or SafeString("None")


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "state", "started_at", "finished_at")
    list_filter = ("state", "source", "kind")
    # Nobody knows the extract's own time where it could not be read.
    date_hierarchy = "started_at"
    search_fields = ("source", "arrived_as")
    ordering = ("-started_at",)
    fields = (
        "source",
        "extracted_at",
        "kind",
        "arrived_as",
        "state",
        "started_at",
        "finished_at",
        "why",
        "held",
        "counts",
    )
    readonly_fields = ("why", "held")

    @admin.display(description="Reasons")
    def why(self, run: FeedRun) -> SafeString:
        return _as_lines(run.reasons)

    @admin.display(description="In quarantine")
    def held(self, run: FeedRun) -> SafeString | str:
        """A list of its own: a bad night has thousands."""
        if not (number := run.quarantined.count()):
            return "Nothing"
        address = reverse("admin:feeds_quarantine_changelist")
        words = "account or claim" if number == 1 else "accounts or claims"
        return format_html(
            '<a href="{}?run__id__exact={}">{} {}</a>', address, run.pk, number, words
        )


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnlyAdmin):
    list_display = ("table", "key", "source", "since", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter), "table", "source")
    search_fields = ("key",)
    ordering = ("-since",)
    fields = ("source", "table", "key", "run", "since", "released_at", "why")
    readonly_fields = ("why",)

    @admin.display(description="Reasons")
    def why(self, held: Quarantine) -> SafeString:
        return _as_lines(held.reasons)


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    list_display = ("table", "source", "at", "is_newest")
    list_filter = ("table", "source", "is_newest")
    search_fields = ("source", "table")
    ordering = ("table", "source", "-at")
