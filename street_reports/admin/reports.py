"""Reports and their photos, with all that was done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html

from stockport.admin import ReadOnlyAdmin, ReadOnlyInline
from street_reports.admin.api_keys import SubmissionInline, SubmittedUpdateInline
from street_reports.admin.closing import END
from street_reports.admin.contacts import ContactInline
from street_reports.admin.doing import StaffActs
from street_reports.admin.export import ExportingAdmin
from street_reports.admin.merging import MERGE, TAKE_BACK, MergedInline, merge_chosen
from street_reports.admin.place import place_of
from street_reports.admin.publishing import PublishingPhotos, keep_private, make_public
from street_reports.admin.queue import delivery_link
from street_reports.admin.replies import REPLY
from street_reports.history import history
from street_reports.models import Act, Draft, Follower, Photo, Report, Update

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString


class UpdateInline(ReadOnlyInline):
    """What the team said: its system, or staff here."""

    model = Update
    fields = ("updated_at", "status", "text", "staff", "update_id", "received_at")
    ordering = ("updated_at",)
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names that the rows show."""
        return super().get_queryset(request).select_related("staff")


class ActInline(ReadOnlyInline):
    """What residents did later."""

    model = Act
    fields = ("kind", "by_follower", "resident", "created_at", "text")
    ordering = ("created_at",)
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names that the rows show."""
        return super().get_queryset(request).select_related("resident")


class FollowerInline(ReadOnlyInline):
    """Who else met the fault, and what they added."""

    model = Follower
    fk_name = "report"
    fields = ("resident", "created_at", "information", "wants_updates", "merged_from")
    ordering = ("created_at",)
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names that the rows show."""
        return super().get_queryset(request).select_related("resident", "merged_from")


class PhotoInline(ReadOnlyInline):
    """The photos sent with it."""

    model = Photo
    fields = ("see", "position", "source", "created_at", "approved_at", "width", "height", "size")
    ordering = ("position",)
    readonly_fields = ("see",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names that the rows show."""
        return super().get_queryset(request).select_related("source")

    @admin.display(description="photo")
    def see(self, photo: Photo) -> SafeString:
        """A link to the file."""
        return format_html('<a href="{}">See the photo</a>', photo.get_absolute_url())


@admin.register(Report)
class ReportAdmin(ExportingAdmin, StaffActs):
    """A report, its way to the team, what came back, and what staff can do about it."""

    view_on_site = False  # a report's own page is its reporter's and its followers'
    # The place is below, with the map.
    exclude = (
        *("form_token", "delivery", "duty_email", "destination", "answers"),
        *("location", "latitude", "longitude", "asset"),
    )
    readonly_fields = ("doing", "sending", "telling", "answered")
    acts = {"reply": REPLY, "end": END, "merge": MERGE, "take-back": TAKE_BACK}
    actions = (merge_chosen, keep_private, make_public)
    inlines = (
        UpdateInline, ActInline, FollowerInline, ContactInline, PhotoInline, MergedInline,
        SubmissionInline, SubmittedUpdateInline,
    )  # fmt: skip

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """The page, with the place and the history."""
        report: Report = options["obj"]
        more = {"place": place_of(report), "history": history(report)}
        return super().render_change_form(request, context | more, *args, **options)

    @admin.display(description="e-mail to the duty officers", empty_value="None")
    def telling(self, report: Report) -> SafeString | None:
        """The state of the e-mail about an urgent fault, as a link to it."""
        return delivery_link(report.duty_email) if report.duty_email else None

    @admin.display(description="answers to our questions", empty_value="None")
    def answered(self, report: Report) -> str:
        """Each question with its answer, line by line."""
        return "\n".join(f"{each['question']} {each['answer']}" for each in report.answers)


@admin.register(Photo)
class PhotoAdmin(PublishingPhotos, ReadOnlyAdmin):
    """All photos, those of forms that were not sent included."""

    list_display = (
        "public_id", "report", "position", "source", "created_at", "approved_at", "size"
    )  # fmt: skip
    list_filter = (("approved_at", admin.EmptyFieldListFilter),)
    list_select_related = ("report", "source")
    search_fields = ("=report__reference",)
    exclude = ("file",)
    ordering = ("-created_at",)


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """What residents began. Nobody else reads their answers before they send them."""

    list_display = ("key", "resident", "changed_at", "report")
    list_select_related = ("resident", "report")
    search_fields = ("=resident__email", "=report__reference")
    exclude = ("answers",)
    ordering = ("-changed_at",)
