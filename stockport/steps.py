"""One page of a journey (stockport/journey.py): its form, and who sees it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict

from stockport.forms import GovukForm
from stockport.templatetags.portal import day

Answers = dict[str, dict[str, Any]]  # what was answered, cleaned, by step and field


def query_of(sent: QueryDict, fields: Container[str]) -> str:
    """What was typed in these fields, parts of a date among them, as a query string to keep."""
    typed = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name.partition("-")[0] in fields:
            typed.setlist(name, values)
    return typed.urlencode()


class StepForm(GovukForm):
    """The form of a step: it knows the request and the cleaned answers of the steps before it."""

    def __init__(self, *args: Any, request: HttpRequest, answers: Answers, **kwargs: Any) -> None:
        self.request, self.answers = request, answers
        super().__init__(*args, **kwargs)
        self.sent = self.data if isinstance(self.data, QueryDict) else QueryDict()

    @property
    def key(self) -> uuid.UUID:
        """The journey's key."""
        match = self.request.resolver_match
        return uuid.UUID(str(match.kwargs["key"])) if match else uuid.UUID(int=0)

    @property
    def stays(self) -> bool:
        """Whether a good answer leads back to its own page, and is no answer to the step yet."""
        return False

    def stored(self) -> str:
        """What is kept of a good answer: what was typed, as a query string."""
        return query_of(self.sent, self.fields)

    def rows(self) -> list[tuple[str, str]]:
        """Question and answer as the check page shows them."""
        return [(str(bound.label), self.shown(bound)) for bound in self.visible_fields()]

    def following(self) -> list[tuple[str, str]]:
        """What follows from good answers, for the check page: nothing that could be changed."""
        return []

    def shown(self, bound: BoundField) -> str:
        """A cleaned answer in words: a choice by its label, nothing as “Not given”."""
        value = self.cleaned_data.get(bound.name)
        labels = dict(getattr(bound.field, "choices", ()))
        if isinstance(value, date):
            return day(value)
        return str(labels.get(value, value)) if value not in (None, "") else "Not given"


@dataclass(frozen=True)
class Step:
    """A page: its form, or None where the journey ends here for those whom `when` sends to it.

    Without a title, the form's first question is the heading; without a template, the journey's is
    drawn. A changed answer `clears` others.
    """

    slug: str
    form: type[StepForm] | None
    title: str = ""
    template: str = ""
    when: Callable[[Answers], bool] = lambda answers: True
    clears: tuple[str, ...] = ()
