"""The asset register, and who looks after what the council does not."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db import models

from stockport.admin import ModelAdmin, ReadOnlyAdmin
from street_reports.models import Asset, Kind, Owner


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    """The register, as at the last extract."""

    list_display = ("central_asset_id", "kind", "feature_id", "street", "postcode", "raise_new_job")
    list_filter = ("kind", "raise_new_job")
    search_fields = ("=central_asset_id", "=feature_id", "=plate_number", "street", "postcode")
    search_help_text = "Asset id, plate number, street or postcode"
    exclude = ("street_words",)


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
