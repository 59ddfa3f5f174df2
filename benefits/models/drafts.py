"""Forms that residents began and have not sent: kept in the account, sealed, on every device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from benefits.models.request import ClaimRequest

if TYPE_CHECKING:
    from accounts.models import Resident


class ClaimDraftQuerySet(models.QuerySet["ClaimDraft"]):
    """Drafts."""

    def for_resident(self, resident: Resident) -> ClaimDraftQuerySet:
        """What this resident began."""
        return self.filter(resident=resident)

    def unfinished(self) -> ClaimDraftQuerySet:
        """Those that no request came of, the newest first."""
        return self.filter(request=None).order_by("-changed_at", "-pk")


class ClaimDraft(models.Model):
    """The answers of a form so far. Once a request came of it, only which one it was is kept."""

    class Form(models.TextChoices):
        CHANGE = "change", "A change to tell us about"
        DISAGREE = "disagree", "A decision that you disagree with"

    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    key = models.UUIDField(help_text="The form; a request that it becomes has it as its token.")
    form = models.CharField(max_length=10, choices=Form)
    sealed = models.TextField(
        blank=True, help_text="What was typed, by page: a JSON object, sealed."
    )
    changed_at = models.DateTimeField(default=timezone.now)
    request = models.ForeignKey(
        ClaimRequest,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="What was sent: the form opened again leads to it.",
    )

    objects = ClaimDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "key"],
                name="%(app_label)s_draft_once",
                violation_error_message="This form is kept already.",
            ),
            models.CheckConstraint(
                condition=Q(form__in=["change", "disagree"]),
                name="%(app_label)s_draft_form_known",
                violation_error_message="A draft is of one of the forms.",
            ),
            models.CheckConstraint(
                condition=Q(request=None) | Q(sealed=""),
                name="%(app_label)s_draft_of_request_is_empty",
                violation_error_message="A form that was sent keeps no answers.",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.key}"

    def get_absolute_url(self) -> str:
        """Its check page, which leads to the first question that is not answered."""
        return reverse(f"benefits:{self.form}_check", args=[self.key])
