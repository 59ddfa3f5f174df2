"""Staff look at claims; the back office changes them."""

from datetime import datetime

from django.contrib import admin

from benefits.models import (
    Award,
    AwardLine,
    BenefitPayment,
    Claim,
    ClaimDraft,
    ClaimMember,
    ClaimRequest,
    Decision,
    Document,
    EvidenceRequest,
    Opening,
    Overpayment,
    Paper,
    Recovery,
    Sending,
)
from stockport.admin import ReadOnlyAdmin, ReadOnlyInline, ValuesFilter
from stockport.letters.admin import DeliveredFilter, SaysWhetherHere


class MemberInline(ReadOnlyInline):
    model = ClaimMember
    exclude = ["person"]  # its record is one search away; here it would be a query for each


class AwardInline(ReadOnlyInline):
    model = Award


class AwardLineInline(ReadOnlyInline):
    model = AwardLine


class EvidenceRequestInline(ReadOnlyInline):
    model = EvidenceRequest


class DecisionInline(ReadOnlyInline):
    model = Decision


class DocumentInline(SaysWhetherHere, ReadOnlyInline):
    model = Document
    fields = ("reference", "type", "issued", "year", "superseded_by", "is_delivered")
    readonly_fields = fields


class OverpaymentInline(ReadOnlyInline):
    model = Overpayment


class RecoveryInline(ReadOnlyInline):
    model = Recovery
    exclude = ["payment"]


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ["reference", "person", "type", "status", "received", "needed_by", "as_at"]
    list_filter = ["status", "type", "tenancy"]
    list_select_related = ["person", "confirmation"]
    search_fields = [
        *("=reference", "=council_tax_account", "=postcode"),
        *("=person__reference", "person__surname"),
    ]
    inlines = [
        *(MemberInline, EvidenceRequestInline, AwardInline),
        *(DecisionInline, OverpaymentInline, DocumentInline),
    ]

    @admin.display(description="figures as at", ordering="confirmation__at")
    def as_at(self, claim: Claim) -> datetime:
        """The time that the figures are from."""
        return claim.as_at


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    list_display = ["claim", "kind", "start", "end", "weekly", "year", "credited"]
    list_filter = ["kind", ("year", ValuesFilter)]
    list_select_related = ["claim"]
    search_fields = ["=claim__reference"]
    inlines = [AwardLineInline]


@admin.register(Document)
class DocumentAdmin(SaysWhetherHere, ReadOnlyAdmin):
    list_display = ["claim", "reference", "type", "issued", "year", "person", "is_delivered"]
    list_filter = [DeliveredFilter, "type", ("year", ValuesFilter)]
    list_select_related = ["claim", "person"]
    search_fields = ["=claim__reference", "=reference", "=person__reference", "person__surname"]
    readonly_fields = ["found_sha256"]


@admin.register(Opening)
class OpeningAdmin(ReadOnlyAdmin):
    list_display = ["claim_reference", "document_reference", "resident", "opened_at"]
    list_select_related = ["resident"]
    search_fields = ["=claim_reference", "=document_reference", "resident__email"]


@admin.register(BenefitPayment)
class BenefitPaymentAdmin(ReadOnlyAdmin):
    list_display = ["claim", "kind", "number", "state", "paid_on", "amount", "payee"]
    list_filter = ["kind", "state", "payee"]
    list_select_related = ["claim"]
    search_fields = ["=claim__reference"]
    date_hierarchy = "paid_on"


@admin.register(Overpayment)
class OverpaymentAdmin(ReadOnlyAdmin):
    list_display = ["reference", "claim", "original", "recovered", "weekly_recovery", "decided"]
    list_filter = ["method"]
    list_select_related = ["claim"]
    search_fields = ["=reference", "=claim__reference"]
    inlines = [RecoveryInline]


class PaperInline(ReadOnlyInline):
    model = Paper
    fields = ["position", "name", "kind", "size", "delivery"]


@admin.register(Sending)
class SendingAdmin(ReadOnlyAdmin):
    """Papers that residents sent; the files themselves are the benefits team's to open."""

    list_display = ["reference", "claim_reference", "item", "status", "created_at"]
    list_filter = ["status"]
    search_fields = ["=reference", "=claim_reference"]
    inlines = [PaperInline]


@admin.register(ClaimRequest)
class RequestAdmin(ReadOnlyAdmin):
    """What residents told or asked; a bank account is named by how it ends."""

    list_display = ["reference", "kind", "claim_reference", "status", "created_at"]
    list_filter = ["kind", "status"]
    search_fields = ["=reference", "=claim_reference"]


@admin.register(ClaimDraft)
class ClaimDraftAdmin(ReadOnlyAdmin):
    """Forms that residents began; what they typed is sealed."""

    list_display = ["key", "form", "changed_at"]
    list_filter = ["form"]
    search_fields = ["=resident__email"]
    exclude = ["sealed"]
