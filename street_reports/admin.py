"""What staff see of assets, faults and reports. Only the list of faults is theirs to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from stockport.admin import ModelAdmin, ReadOnlyAdmin, ReadOnlyInline
from street_reports.checks import NOBODY_ON_DUTY
from street_reports.forms.fault import IN_GENERAL
from street_reports.models import (
    Act,
    Asset,
    Danger,
    FaultType,
    Follower,
    Kind,
    Owner,
    Photo,
    Report,
    Update,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from stockport.outbox.models import Delivery


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

    list_display = (
        "name",
        "kind",
        "code",
        "position",
        "is_active",
        "is_urgent",
        "target_working_days",
    )
    list_editable = ("position", "is_active", "is_urgent", "target_working_days")
    list_filter = ("kind", "is_active", "is_urgent")
    search_fields = ("name", "code")
    ordering = ("kind", "position")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with a warning where urgent faults tell nobody."""
        if not settings.DUTY_EMAILS:
            self.message_user(request, NOBODY_ON_DUTY, messages.WARNING)
        return super().changelist_view(request, extra_context)


@admin.register(Danger)
class DangerAdmin(ModelAdmin):
    """What is told by phone. The page with a kind's list is never empty (forms/fault.py)."""

    list_display = ("text", "kind", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("text",)
    ordering = ("kind", "position")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with a warning for each kind whose dangers are all switched off."""
        asked = set(Danger.objects.filter(is_active=True).values_list("kind", flat=True))
        for kind in Kind:
            if kind not in asked:
                warning = f"No danger of a {kind.noun} is switched on: the page only asks whether"
                self.message_user(request, f"{warning} {IN_GENERAL}.", messages.WARNING)
        return super().changelist_view(request, extra_context)


class OwnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """An owner, with a box for each kind that residents are asked about."""

    kinds = forms.MultipleChoiceField(
        label="Residents are asked about it for",
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Owner)
class OwnerAdmin(ModelAdmin):
    """Who looks after what the council does not."""

    form = OwnerForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("name", "slug", "looks_after", "website", "phone", "position")
    list_editable = ("position",)
    search_fields = ("name", "=slug", "looks_after")
    ordering = ("position", "name")


class UpdateInline(ReadOnlyInline):
    """What the back office said."""

    model = Update
    fields = ("updated_at", "status", "text", "update_id", "received_at")
    ordering = ("updated_at",)


class ActInline(ReadOnlyInline):
    """What the reporter did later."""

    model = Act
    fields = ("kind", "resident", "created_at", "text")
    ordering = ("created_at",)


class FollowerInline(ReadOnlyInline):
    """Who else met the fault, and what they added."""

    model = Follower
    fields = ("resident", "created_at", "information", "wants_updates")
    ordering = ("created_at",)


class PhotoInline(ReadOnlyInline):
    """The photos sent with it."""

    model = Photo
    fields = ("see", "position", "created_at", "width", "height", "size")
    ordering = ("position",)
    readonly_fields = ("see",)

    @admin.display(description="photo")
    def see(self, photo: Photo) -> SafeString:
        """A link to the file."""
        return format_html('<a href="{}">See the photo</a>', photo.get_absolute_url())


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """A report, its way to the team, and what came back."""

    list_display = ("reference", "fault", "location", "status", "sending", "created_at")
    list_filter = ("kind", "status", "delivery__state", "fault__is_urgent", "duty_email__state")
    list_select_related = ("fault", "delivery", "duty_email")
    search_fields = ("=reference", "location", "=postcode", "=delivery__remote_reference")
    search_help_text = "Our reference or theirs, place or postcode"
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    exclude = ("form_token", "delivery", "duty_email")
    readonly_fields = ("sending", "telling")
    inlines = (UpdateInline, ActInline, FollowerInline, PhotoInline)

    @admin.display(description="delivery", ordering="delivery__state")
    def sending(self, report: Report) -> SafeString:
        """The state of the delivery, as a link to it."""
        return _link(report.delivery)

    @admin.display(description="e-mail to the duty officers", empty_value="None")
    def telling(self, report: Report) -> SafeString | None:
        """The state of the e-mail about an urgent fault, as a link to it."""
        return _link(report.duty_email) if report.duty_email else None


def _link(delivery: Delivery) -> SafeString:
    """The state of a delivery, as a link to its page."""
    url = reverse("admin:outbox_delivery_change", args=[delivery.pk])
    return format_html('<a href="{}">{}</a>', url, delivery.get_state_display())


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    """All photos, those of forms that were not sent included."""

    list_display = ("public_id", "report", "position", "created_at", "width", "height", "size")
    list_select_related = ("report",)
    search_fields = ("=report__reference",)
    exclude = ("file",)
    ordering = ("-created_at",)
