"""What came back from destinations: staff settle what found no service by itself."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from stockport.admin import ReadOnlyAdmin
from stockport.outbox.inbound import staff
from stockport.outbox.models import InboundUpdate
from stockport.outbox.workflow import IllegalMove


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
        self._each(request, chosen, "In line again.", lambda one: staff.apply_again(update=one))

    @admin.action(description="Dismiss: it does not concern us", permissions=["handle"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[InboundUpdate]) -> None:
        """Never apply the chosen ones, and forget what they said."""
        reason = f"Dismissed by {request.user}."
        self._each(
            request, chosen, "Dismissed.", lambda one: staff.dismiss(update=one, reason=reason)
        )

    @admin.action(description="Belongs to this delivery …", permissions=["handle"])
    def assign(self, request: HttpRequest, chosen: QuerySet[InboundUpdate]) -> HttpResponse | None:
        """Ask for our reference of the delivery, then apply the chosen ones to it."""
        form = ReferenceForm(request.POST if "confirm" in request.POST else None)
        if form.is_valid():
            reference = form.cleaned_data["reference"]
            self._each(
                request, chosen, f"Belongs to {reference}.",
                lambda one: staff.assign(update=one, reference=reference),
            )  # fmt: skip
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Which delivery it belongs to",
            "form": form,
            "updates": chosen,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/outbox/inboundupdate/assign.html", context)

    def _each(
        self,
        request: HttpRequest,
        chosen: QuerySet[InboundUpdate],
        note: str,
        act: Callable[[InboundUpdate], InboundUpdate],
    ) -> None:
        """Do it to each, put it on record, and say which ones do not allow it."""
        done = 0
        for update in chosen:
            try:
                act(update)
            except IllegalMove as error:
                self.message_user(request, f"{update}: {error}", messages.ERROR)
                continue
            self.log_change(request, update, note)
            done += 1
        if done:
            self.message_user(request, f"{note} ({done})")
