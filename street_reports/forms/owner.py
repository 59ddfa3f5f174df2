"""Whether it is the council's at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from stockport.forms import RadioSelect
from stockport.steps import StepForm
from street_reports.models import Owner

NONE = "none"


class WhoseForm(StepForm):
    """One of the things that others look after, or “None of these” (None)."""

    owner = forms.CharField(
        label="Does any of these apply?",
        help_text="The council does not look after these. We tell you who does.",
        max_length=40,
        widget=RadioSelect,
        error_messages={
            "required": "Select one of these, or “None of these”",
            "max_length": "Select one of these, or “None of these”",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].widget.choices = self._offered

    def _offered(self) -> list[tuple[str, str]]:
        """The choices, asked for only where they are drawn."""
        offered = Owner.objects.offered(self.answers["kind"]["kind"])
        choices = list(offered.values_list("slug", "looks_after"))
        self.fields["owner"].widget.divider = "or" if choices else ""
        return [*choices, (NONE, "None of these")]

    def clean_owner(self) -> Owner | None:
        """Whose it is; None for the council's."""
        slug = self.cleaned_data["owner"]
        if slug == NONE:
            return None
        owner = Owner.objects.offered(self.answers["kind"]["kind"]).filter(slug=slug).first()
        if owner is None:
            raise forms.ValidationError(self.fields["owner"].error_messages["required"])
        return owner

    def shown(self, bound: BoundField) -> str:
        """Who gets so far as the check page chose none."""
        owner = self.cleaned_data["owner"]
        return owner.looks_after if owner else "None of these"

    def rows(self) -> list[tuple[str, str]]:
        """A question that can be read without its list."""
        return [("Does somebody else look after it?", self.shown(self["owner"]))]
