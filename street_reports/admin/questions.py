"""What is asked about a fault: theirs to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin

from stockport.admin import ModelAdmin, TabularInline
from street_reports.models import Choice, FaultType, Question

if TYPE_CHECKING:
    from django.http import HttpRequest


class FaultField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Faults with their kinds: two kinds have faults of the same name."""

    def label_from_instance(self, fault: FaultType) -> str:
        """“Lit sign: It is not lit”."""
        return f"{fault.get_kind_display()}: {fault}"


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A question with a box for each fault, all of which must be of its kind."""

    faults = FaultField(
        queryset=FaultType.objects.order_by("kind", "position"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Question._meta.get_field("faults").help_text,
    )

    def clean(self) -> dict[str, Any]:
        """The trigger of the database says the same, in no words for people."""
        cleaned = super().clean() or self.cleaned_data
        kinds = {fault.kind for fault in cleaned.get("faults", ())}
        if "kind" in cleaned and kinds - {cleaned["kind"]}:
            self.add_error("faults", "Choose only faults of the kind that the question is about.")
        return cleaned


class ChoiceInline(TabularInline):
    """The answers to choose from; with none, residents write a few words."""

    model = Choice
    extra = 0
    ordering = ("position", "pk")
    verbose_name_plural = "answers to choose from (with none, residents write a few words)"


@admin.register(Question)
class QuestionAdmin(ModelAdmin):
    """What is asked. Reports keep the words that were asked and answered, whatever changes here."""

    form = QuestionForm
    list_display = ("text", "kind", "about", "weather", "is_required", "position", "is_active")
    list_editable = ("weather", "is_required", "position", "is_active")
    list_filter = ("kind", "weather", "is_active")
    search_fields = ("text", "attribute", "choices__text")
    ordering = ("kind", "position", "pk")
    fields = (
        *("kind", "text", "hint", "is_required", "weather", "position", "is_active"),
        *("attribute", "faults"),
    )
    inlines = (ChoiceInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the faults, which the list names."""
        return super().get_queryset(request).prefetch_related("faults")

    @admin.display(description="about")
    def about(self, question: Question) -> str:
        """The faults that it is asked about."""
        return ", ".join(str(fault) for fault in question.faults.all()) or "every fault"
