"""Where deliveries go: staff set it up, see what waits there, pause it and resume it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from stockport.admin import ModelAdmin
from stockport.outbox import actions
from stockport.outbox.models import Destination

if TYPE_CHECKING:
    # Django's own class takes no type argument at runtime, and mypy asks for one.
    ModelForm = forms.ModelForm[Destination]
else:
    ModelForm = forms.ModelForm


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


@admin.register(Destination)
class DestinationAdmin(ModelAdmin):
    """Where deliveries go; staff set its address and key, pause it and resume it."""

    list_display = ("name", "connector", "waiting", "needing_attention", "oldest", "standing")
    list_filter = ("connector",)
    search_fields = ("name", "slug")
    readonly_fields = (
        "paused_at", "pause_reason", "failures", "resting_until", "updates_until",
    )  # fmt: skip
    form = DestinationForm
    actions = ("pause", "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destination]:
        """With its backlog, for the list."""
        return Destination.objects.with_backlog()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what went there stays on record."""
        return False

    @admin.display(ordering="waiting")
    def waiting(self, destination: Any) -> int:
        """Deliveries that will be tried without staff."""
        return int(destination.waiting)

    @admin.display(description="need attention", ordering="dead")
    def needing_attention(self, destination: Any) -> int:
        """Deliveries that only staff can put right."""
        return int(destination.dead)

    @admin.display(description="oldest waiting since", ordering="oldest")
    def oldest(self, destination: Any) -> Any:
        """When the longest-waiting delivery was made."""
        return destination.oldest

    @admin.display(description="state")
    def standing(self, destination: Destination) -> str:
        """Whether it takes deliveries, in words."""
        return destination.standing

    @admin.action(description="Pause: send nothing there", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Destination]) -> None:
        """Pause the chosen destinations."""
        for destination in chosen:
            actions.pause(destination=destination, reason=f"Paused by {request.user}.")
            self.log_change(request, destination, "Paused.")

    @admin.action(description="Resume: send there again", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Destination]) -> None:
        """Resume the chosen destinations."""
        for destination in chosen:
            actions.resume(destination=destination)
            self.log_change(request, destination, "Resumed.")
