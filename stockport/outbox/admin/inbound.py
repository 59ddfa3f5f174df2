"""What came back from destinations: staff settle what found no service by itself."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from stockport.admin import ReadOnlyAdmin
from stockport.outbox.admin import asking
from stockport.outbox.inbound import staff
from stockport.outbox.models import InboundUpdate


class ReferenceForm(forms.Form):
    """Which delivery of ours an update belongs to."""

    reference = forms.CharField(max_length=40, label="Our reference of the delivery")


@admin.register(InboundUpdate)
class InboundUpdateAdmin(ReadOnlyAdmin):
    """What destinations said, and what became of it; staff dismiss, assign and try again."""

    list_display = (
        "update_id", "destination", "remote_reference", "status", "state", "updated_at",
        "received_at", "reason",
    )  # fmt: skip
    list_filter = ("state", "destination", "way")
    search_fields = ("=update_id", "=remote_reference", "=delivery__reference")
    search_help_text = "Their id or reference, or our reference"
    list_select_related = ("destination",)
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    actions = ("apply_again", "assign", "dismiss")

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundUpdate]:
        """With what the names of its delivery and destination need."""
        return super().get_queryset(request).select_related("destination", "delivery")

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may do more than look."""
        return request.user.has_perm("outbox.change_inboundupdate")

    @admin.action(description="Apply again now", permissions=["handle"])
    def apply_again(self, request: HttpRequest, chosen: QuerySet[InboundUpdate]) -> None:
        """Hand the chosen ones to their services at once."""
        asking.each(
            self, request, chosen, "In line again.", lambda one: staff.apply_again(update=one)
        )

    @admin.action(description="Dismiss: it does not concern us", permissions=["handle"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[InboundUpdate]) -> None:
        """Never apply the chosen ones, and forget what they said."""
        reason = f"Dismissed by {request.user}."
        asking.each(
            self,
            request,
            chosen,
            "Dismissed.",
            lambda one: staff.dismiss(update=one, reason=reason),
        )

    @admin.action(description="Belongs to this delivery …", permissions=["handle"])
    def assign(self, request: HttpRequest, chosen: QuerySet[InboundUpdate]) -> HttpResponse | None:
        """Ask for our reference of the delivery, then apply the chosen ones to it."""
        form = ReferenceForm(request.POST if asking.is_confirmed(request) else None)
        if form.is_valid():
            reference = form.cleaned_data["reference"]
            asking.each(
                self, request, chosen, f"Belongs to {reference}.",
                lambda one: staff.assign(update=one, reference=reference),
            )  # fmt: skip
            return None
        return asking.ask(
            self,
            request,
            title="Which delivery it belongs to",
            text="The resident is told of it as if it had come with this reference.",
            button="It belongs to this delivery",
            form=form,
            about=[f"{one}, from {one.destination}: {one.status}" for one in chosen],
        )
