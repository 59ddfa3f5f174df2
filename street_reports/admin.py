"""What staff see of assets, faults and reports. Only the list of faults is theirs to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from stockport.admin import ModelAdmin, ReadOnlyAdmin, ReadOnlyInline
from street_reports.models import Asset, FaultType, Photo, Report, Update

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    """The register, as at the last extract."""

    list_display = ("central_asset_id", "kind", "feature_id", "street", "postcode", "raise_new_job")
    list_filter = ("kind", "raise_new_job")
    search_fields = ("=central_asset_id", "=feature_id", "=plate_number", "street", "postcode")
    search_help_text = "Asset id, plate number, street or postcode"
    exclude = ("street_words",)


@admin.register(FaultType)
class FaultTypeAdmin(ModelAdmin):
    """What residents can choose. One that was used is switched off, not deleted."""

    list_display = ("name", "kind", "code", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "code")
    ordering = ("kind", "position")


class UpdateInline(ReadOnlyInline):
    """What the back office said."""

    model = Update
    fields = ("updated_at", "status", "text", "update_id", "received_at")
    ordering = ("updated_at",)


class PhotoInline(ReadOnlyInline):
    """The photos sent with it."""

    model = Photo
    fields = ("see", "created_at", "width", "height")
    readonly_fields = ("see",)

    @admin.display(description="photo")
    def see(self, photo: Photo) -> SafeString:
        """A link to the file."""
        return format_html('<a href="{}">See the photo</a>', photo.get_absolute_url())


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """A report, its way to the team, and what came back."""

    list_display = ("reference", "fault", "location", "status", "sending", "created_at")
    list_filter = ("kind", "status", "delivery__state")
    list_select_related = ("fault", "delivery")
    search_fields = ("=reference", "location", "=postcode", "=delivery__remote_reference")
    search_help_text = "Our reference or theirs, place or postcode"
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    exclude = ("form_token", "delivery")
    readonly_fields = ("sending",)
    inlines = (UpdateInline, PhotoInline)

    @admin.display(description="delivery", ordering="delivery__state")
    def sending(self, report: Report) -> SafeString:
        """The state of the delivery, as a link to it."""
        url = reverse("admin:outbox_delivery_change", args=[report.delivery_id])
        return format_html('<a href="{}">{}</a>', url, report.delivery.get_state_display())


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    """All photos, those of forms that were not sent included."""

    list_display = ("public_id", "report", "created_at", "width", "height")
    list_select_related = ("report",)
    search_fields = ("=report__reference",)
    exclude = ("file",)
    ordering = ("-created_at",)
