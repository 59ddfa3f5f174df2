"""What leaves the portal, with every try: staff put right what did not arrive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from stockport.admin import ReadOnlyAdmin, ReadOnlyInline
from stockport.outbox import staff
from stockport.outbox.admin import asking
from stockport.outbox.models import Attempt, Delivery

if TYPE_CHECKING:
    from stockport.outbox.models.deliveries import DeliveryQuerySet

# A letter's text may hold a link that lets somebody in.
SECRET = ("body", "attachments")


class AttemptInline(ReadOnlyInline):
    """Every try at a delivery."""

    model = Attempt
    fields = ("number", "step", "started_at", "finished_at", "outcome", "status_code", "answer")
    ordering = ("-number",)
    show_change_link = False


class RemoteReferenceForm(forms.Form):
    """What the destination calls it, as staff read it there."""

    remote_reference = forms.CharField(max_length=100, label="The destination’s reference")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What leaves the portal; staff try again, hold, cancel, or say that it is there."""

    list_display = (
        "__str__", "destination", "state", "attempt_count", "created_at", "remote_reference",
        "why",
    )  # fmt: skip
    list_filter = ("destination", "state", "kind")
    search_fields = ("=id", "reference", "remote_reference")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    exclude = ("payload", "lease", "reason")
    readonly_fields = ("why", "content")
    inlines = (AttemptInline,)
    actions = ("try_again", "send_afresh", "hold", "cancel", "mark_sent")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """With what its name needs."""
        related = ("destination__paused_by", "depends_on")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description="why not sent", ordering="reason", empty_value="")
    def why(self, delivery: Delivery) -> str:
        """What went wrong, or what it waits for."""
        return delivery.waits_because

    @admin.display(description="content")
    def content(self, delivery: Delivery) -> str:
        """What is sent, without what nobody but its reader may see."""
        shown = {name: value for name, value in delivery.payload.items() if name not in SECRET}
        block = '<pre role="group" tabindex="0" aria-label="Content">{}</pre>'
        return format_html(block, json.dumps(shown, indent=2, ensure_ascii=False))

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may do more than look."""
        return request.user.has_perm("outbox.change_delivery")

    @admin.action(description="Try again now (or release)", permissions=["handle"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> HttpResponse | None:
        """Put the chosen ones in line; those in doubt are looked up first."""
        return asking.try_again(self, request, cast("DeliveryQuerySet", chosen))

    @admin.action(
        description="Send again: I have checked that it did not arrive", permissions=["handle"]
    )
    def send_afresh(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> HttpResponse | None:
        """Put the chosen ones in line, to be sent without a look-up."""
        return asking.try_again(self, request, cast("DeliveryQuerySet", chosen), checked=True)

    @admin.action(description="Hold", permissions=["handle"])
    def hold(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """Keep the chosen ones back."""
        reason = f"Held by {request.user}."
        asking.each(
            self, request, chosen, "Held.", lambda each: staff.hold(delivery=each, reason=reason)
        )

    @admin.action(description="Cancel, with what follows it", permissions=["handle"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """Never send the chosen ones."""
        reason = f"Cancelled by {request.user}."
        asking.each(
            self,
            request,
            chosen,
            "Cancelled.",
            lambda each: staff.cancel(delivery=each, reason=reason),
        )

    @admin.action(description="Mark as sent, with its reference there", permissions=["handle"])
    def mark_sent(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> HttpResponse | None:
        """Ask for the reference of the one chosen, then record it."""
        if chosen.count() != 1:
            self.message_user(request, "Choose one delivery to mark as sent.", messages.ERROR)
            return None
        delivery = chosen.get()
        form = RemoteReferenceForm(request.POST if asking.is_confirmed(request) else None)
        if form.is_valid() and self._is_marked(request, delivery, form):
            return None
        return asking.ask(
            self,
            request,
            title="Mark as sent",
            text=f"{delivery}, to {delivery.destination}: {delivery.get_state_display()}. Use this"
            " only if you have seen it there. It is then never sent again.",
            button="Mark as sent",
            form=form,
        )

    def _is_marked(self, request: HttpRequest, delivery: Delivery, form: forms.Form) -> bool:
        """Mark it, unless the form has to be corrected."""
        reference = form.cleaned_data["remote_reference"]
        try:
            asking.each(
                self, request, [delivery], f"Marked as sent: {reference}.",
                lambda each: staff.mark_sent(delivery=each, remote_reference=reference),
            )  # fmt: skip
        except staff.ReferenceTaken as error:
            form.add_error("remote_reference", str(error))
        return form.is_valid()
