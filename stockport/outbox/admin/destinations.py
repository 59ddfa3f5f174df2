"""Where deliveries go: staff set it up, see what waits there, pause it and resume it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.timezone import localtime

from stockport.admin import ModelAdmin
from stockport.outbox import actions
from stockport.outbox.admin import asking
from stockport.outbox.models import Attempt, Delivery, Destination
from stockport.outbox.workflow import State

if TYPE_CHECKING:
    # Django's own class takes no type argument at runtime, and mypy asks for one.
    ModelForm = forms.ModelForm[Destination]

    from accounts.models import Resident
else:
    ModelForm = forms.ModelForm


FAILURES_SHOWN = 10


class DestinationForm(ModelForm):
    """The key and the webhook secret can be set and never be read."""

    api_key = forms.CharField(
        label="API key",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Leave this empty to keep the key as it is.",
    )
    webhook_secret = forms.CharField(
        label="Webhook secret",
        max_length=100,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=(
            "whsec_ and 24 to 64 random bytes in base64. Leave this empty to keep it as it is. The"
            " system pushes its updates to /webhooks/, then this destination’s slug, then a slash."
        ),
    )

    def clean_api_key(self) -> str:
        """The new key, or the one that is set."""
        return self.cleaned_data["api_key"] or self.instance.api_key

    def clean_webhook_secret(self) -> str:
        """The new secret, or the one that is set."""
        return self.cleaned_data["webhook_secret"] or self.instance.webhook_secret


class PauseForm(forms.Form):
    """Why nothing is to be sent there."""

    reason = forms.CharField(max_length=200, label="Why, for the next person who looks")


@admin.register(Destination)
class DestinationAdmin(ModelAdmin):
    """Where deliveries go; staff set its address and key, pause it and resume it."""

    list_display = (
        "name", "connector", "waiting", "oldest", "needing_attention", "failures", "standing",
    )  # fmt: skip
    list_filter = ("connector",)
    search_fields = ("name", "slug")
    readonly_fields = (
        "standing", "paused_at", "paused_by", "pause_reason", "failures", "resting_until",
        "updates_until", "latest_failures",
    )  # fmt: skip
    form = DestinationForm
    actions = ("try_again_all", "pause", "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destination]:
        """With its backlog, for the list, and with who paused it."""
        return Destination.objects.with_backlog().select_related("paused_by")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what went there stays on record."""
        return False

    @admin.display(ordering="waiting")
    def waiting(self, destination: Any) -> int:
        """Deliveries that will be tried without staff."""
        return int(destination.waiting)

    @admin.display(description="need attention", ordering="dead")
    def needing_attention(self, destination: Any) -> str:
        """How many deliveries only staff can put right, as a link to them."""
        url = reverse("admin:outbox_delivery_changelist")
        query = urlencode({"destination__id__exact": destination.pk, "state__exact": State.DEAD})
        return format_html('<a href="{}?{}">{}</a>', url, query, destination.dead)

    @admin.display(description="oldest waits for", ordering="oldest")
    def oldest(self, destination: Any) -> str | None:
        """The age of the longest-waiting delivery, in words."""
        return timesince(destination.oldest, depth=1) if destination.oldest else None

    @admin.display(description="state")
    def standing(self, destination: Destination) -> str:
        """Whether it takes deliveries, in words."""
        return destination.standing

    @admin.display(description="latest failures")
    def latest_failures(self, destination: Destination) -> str:
        """The last tries that failed, with what was answered."""
        tries = Attempt.objects.failed().filter(delivery__destination=destination)
        latest = tries.select_related("delivery").order_by("-started_at")[:FAILURES_SHOWN]
        return format_html_join(
            "",
            '<p>{}, <a href="{}">{}</a>, try {}: {} {}<br>{}</p>',
            [
                (
                    date_format(localtime(each.started_at), "j F Y, H:i"),
                    reverse("admin:outbox_delivery_change", args=[each.delivery_id]),
                    each.delivery,
                    each.number,
                    each.get_outcome_display(),
                    each.status_code or "",
                    each.answer or "No answer is kept.",
                )
                for each in latest
            ],
        )

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may do more with deliveries than look."""
        return request.user.has_perm("outbox.change_delivery")

    @admin.action(description="Try again all that need attention", permissions=["handle"])
    def try_again_all(
        self, request: HttpRequest, chosen: QuerySet[Destination]
    ) -> HttpResponse | None:
        """Put what is dead at the chosen destinations in line; what is in doubt is looked up."""
        dead = Delivery.objects.filter(destination__in=chosen.values("pk"), state=State.DEAD)
        return asking.try_again(self, request, dead)

    @admin.action(description="Pause: send nothing there", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Destination]) -> HttpResponse | None:
        """Ask why, then pause the chosen destinations."""
        form = PauseForm(request.POST if asking.is_confirmed(request) else None)
        if not form.is_valid():
            return asking.ask(
                self,
                request,
                title="Pause",
                text="Nothing is sent there, and nothing is lost, until somebody resumes it.",
                button="Pause",
                form=form,
            )
        reason = form.cleaned_data["reason"]
        for destination in chosen.filter(paused_at=None):
            actions.pause(destination=destination, reason=reason, by=cast("Resident", request.user))
            self.log_change(request, destination, f"Paused: {reason}")
        return None

    @admin.action(description="Resume: send there again", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Destination]) -> None:
        """Resume the chosen destinations."""
        for destination in chosen:
            actions.resume(destination=destination)
            self.log_change(request, destination, "Resumed.")
