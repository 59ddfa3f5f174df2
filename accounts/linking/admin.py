"""Staff decide who is linked to which record, and read what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.utils.html import format_html_join

from accounts.http import resident_of
from accounts.linking.claim import Claim
from accounts.linking.reviewing import AlreadyDecided, approve, refuse
from accounts.models import AuditEvent, AuditSeal, LetterPin, LinkAttempt, LinkRequest
from stockport.admin import ModelAdmin, ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest

TOLD = ("resident", "service", "reference", "forenames", "surname", "postcode", "tells", "made_at")


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person to link, or a reason not to."""

    class Meta:
        error_messages = {"reason": {"max_length": "Give the reason in 500 characters or fewer."}}
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError unless it is one of the two."""
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("person")) == bool(data.get("reason", "").strip()):
            raise forms.ValidationError(
                "Choose the person to link, or give the resident a reason why not: one of the two."
            )
        return data

    def _post_clean(self) -> None:
        """The state is the action's to set: the row is not whole before."""


class RevokeForm(forms.Form):
    """Why a link ends."""

    reason = forms.CharField(
        label="Reason, for the resident to read",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Give the resident a reason.",
            "max_length": "Give the reason in 500 characters or fewer.",
        },
    )


@admin.register(LinkRequest)
class LinkRequestAdmin(ModelAdmin):
    """What residents ask staff to compare. Deciding takes a permission of its own."""

    is_called_by_name = True
    form = DecisionForm
    list_display = ("__str__", "service", "reference", "state", "made_at", "decided_by")
    list_filter = ("state", "service")
    list_select_related = ("decided_by",)
    search_fields = ("=reference", "surname__istartswith", "resident__email")
    ordering = ("-state", "made_at")
    autocomplete_fields = ("person",)
    fields = (*TOLD, "on_record", "person", "reason", "state", "decided_at", "decided_by")
    readonly_fields = (*TOLD, "on_record", "state", "decided_at", "decided_by")

    @admin.display(description="People with this number")
    def on_record(self, obj: LinkRequest) -> str:
        """Whom the council has under the number that was typed, to compare with what is told."""
        claim = Claim(obj.service, obj.reference, obj.forenames, obj.surname, obj.postcode)
        lines = [
            (str(person), ", ".join(part for part in (person.address, person.postcode) if part))
            for person, _ in claim.behind()
        ]
        return format_html_join("", "<div>{}: {}</div>", lines) or "Nobody"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Residents ask."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Once, by those who may."""
        open_still = obj is None or obj.state == LinkRequest.State.WAITING
        return open_still and resident_of(request).has_perm("accounts.decide_linkrequest")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was decided stays."""
        return False

    def save_model(self, request: HttpRequest, obj: LinkRequest, form: Any, change: bool) -> None:
        """Link, or refuse with the reason; the resident is told by e-mail."""
        staff, person = resident_of(request), form.cleaned_data["person"]
        try:
            if person:
                approve(request=obj, person=person, by=staff)
            else:
                refuse(request=obj, reason=form.cleaned_data["reason"].strip(), by=staff)
        except AlreadyDecided:
            self.message_user(request, "Somebody has decided this already.", messages.WARNING)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """What happened, which nobody can change."""

    list_display = ("at", "kind", "resident", "actor", "role", "person", "detail", "why")
    list_filter = ("kind",)
    list_select_related = ("resident", "actor", "person")
    search_fields = ("resident__email", "=person__reference")
    ordering = ("-at", "-pk")


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin):
    """The seals of what happened: their hashes are in the log too."""

    list_display = ("number", "sealed_at", "hash")
    search_fields = ("=number", "=hash")
    ordering = ("-number",)
    fields = ("number", "sealed_at", "previous", "hash")


@admin.register(LinkAttempt)
class LinkAttemptAdmin(ReadOnlyAdmin):
    """Tries, without what was answered."""

    list_display = ("at", "resident", "way", "matched")
    list_filter = ("way", "matched")
    list_select_related = ("resident",)
    search_fields = ("resident__email",)
    ordering = ("-at", "-pk")
    fields = ("at", "resident", "way", "matched")


@admin.register(LetterPin)
class LetterPinAdmin(ReadOnlyAdmin):
    """Letters with a PIN, without the PIN."""

    list_display = ("made_at", "person", "resident", "expires_at", "tries", "ended_at")
    list_select_related = ("person", "resident")
    search_fields = ("resident__email", "=person__reference")
    ordering = ("-made_at", "-pk")
    fields = ("made_at", "person", "resident", "expires_at", "tries", "ended_at")
