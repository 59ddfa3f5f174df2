"""Council tax as staff see it. The back office owns every row: nothing is changed here."""

from __future__ import annotations

from django.contrib import admin

from council_tax import models
from stockport.admin import ReadOnlyAdmin, ReadOnlyInline


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


@admin.register(models.Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("reference", "property", "status", "balance", "stage", "as_at")
    list_filter = ("status", "stage", "arrangement", "hold_reason", "payment_method", "source")
    list_select_related = ("property",)
    search_fields = ("reference", "property__address_line_1", "property__postcode")
    inlines = (LiabilityInline, YearTotalInline, InstalmentInline)


class OfAccountAdmin(ReadOnlyAdmin):
    """Rows that belong to an account."""

    list_select_related = ("account",)
    search_fields = ("account__reference",)


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
