"""Council tax as staff see it. The back office owns every row: nothing is changed here."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib import admin

from council_tax import models
from stockport.admin import ReadOnlyAdmin, ReadOnlyInline
from stockport.letters.admin import DeliveredFilter, SaysWhetherHere


@admin.register(models.Property)
class PropertyAdmin(ReadOnlyAdmin):
    list_display = ("reference", "address_line_1", "postcode", "band")
    list_filter = ("band", "source")
    search_fields = ("reference", "uprn", "address_line_1", "postcode")


class LiabilityInline(ReadOnlyInline):
    model = models.Liability


class YearTotalInline(ReadOnlyInline):
    model = models.YearTotal


class InstalmentInline(ReadOnlyInline):
    model = models.Instalment


class NoticeInline(ReadOnlyInline):
    model = models.Notice


class DocumentInline(SaysWhetherHere, ReadOnlyInline):
    model = models.Document
    fields = ("reference", "type", "issued", "year", "person", "superseded_by", "is_delivered")
    readonly_fields = fields


@admin.register(models.Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("reference", "property", "status", "balance", "stage", "as_at")
    list_filter = ("status", "stage", "arrangement", "hold_reason", "payment_method", "source")
    list_select_related = ("property", "confirmation")
    search_fields = ("reference", "property__address_line_1", "property__postcode")
    inlines = (
        *(LiabilityInline, YearTotalInline, InstalmentInline),
        *(NoticeInline, DocumentInline),
    )

    @admin.display(description="figures as at", ordering="confirmation__at")
    def as_at(self, account: models.Account) -> datetime:
        """The time that the figures are from."""
        return account.as_at


class OfAccountAdmin(ReadOnlyAdmin):
    """Rows that belong to an account."""

    list_select_related: ClassVar[tuple[str, ...]] = ("account",)
    search_fields: ClassVar[tuple[str, ...]] = ("account__reference",)


@admin.register(models.Liability)
class LiabilityAdmin(ReadOnlyAdmin):
    list_display = ("account", "person", "role", "start", "end")
    list_filter = ("role",)
    list_select_related = ("account", "person")
    search_fields = ("account__reference", "person__reference", "person__surname")


@admin.register(models.Element)
class ElementAdmin(ReadOnlyAdmin):
    list_display = ("year", "band", "element", "amount")
    list_filter = ("year", "band", "element")
    search_fields = ("year",)


class ChargeLineInline(ReadOnlyInline):
    model = models.ChargeLine


@admin.register(models.ChargePeriod)
class ChargePeriodAdmin(OfAccountAdmin):
    list_display = ("account", "year", "start", "end", "band_charged", "gross", "net")
    list_filter = ("year", "band_charged")
    inlines = (ChargeLineInline,)


@admin.register(models.ChargeLine)
class ChargeLineAdmin(ReadOnlyAdmin):
    list_display = ("period", "type", "reason", "amount")
    list_filter = ("type",)
    list_select_related = ("period",)
    search_fields = ("period__account__reference", "reason", "code")


@admin.register(models.YearTotal)
class YearTotalAdmin(OfAccountAdmin):
    list_display = ("account", "year", "charge", "payments", "outstanding")
    list_filter = ("year",)


@admin.register(models.Instalment)
class InstalmentAdmin(OfAccountAdmin):
    list_display = ("account", "year", "number", "due", "amount", "paid", "direct_debit")
    list_filter = ("year", "direct_debit")


@admin.register(models.Transaction)
class TransactionAdmin(OfAccountAdmin):
    list_display = ("account", "posted", "type", "subcode", "amount", "year")
    list_filter = ("type", "year")


@admin.register(models.Notice)
class NoticeAdmin(OfAccountAdmin):
    list_display = ("account", "reference", "type", "issued", "year", "amount")
    list_filter = ("type", "year")
    search_fields = ("account__reference", "reference")


@admin.register(models.Document)
class DocumentAdmin(SaysWhetherHere, OfAccountAdmin):
    list_display = ("account", "reference", "type", "issued", "year", "person", "is_delivered")
    list_filter = (DeliveredFilter, "type", "year")
    list_select_related = ("account", "person")
    search_fields = ("account__reference", "reference", "person__surname", "person__reference")
    readonly_fields = ("found_sha256",)


@admin.register(models.Opening)
class OpeningAdmin(ReadOnlyAdmin):
    list_display = ("account_reference", "document_reference", "resident", "opened_at")
    list_select_related = ("resident",)
    search_fields = ("account_reference", "document_reference", "resident__email")


@admin.register(models.Request)
class RequestAdmin(ReadOnlyAdmin):
    list_display = ("reference", "kind", "account_reference", "status", "created_at")
    list_filter = ("kind", "status")
    search_fields = ("reference", "account_reference", "resident__email")
