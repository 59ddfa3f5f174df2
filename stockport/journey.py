"""Forms of several pages: one step per page, check the answers, finish once.

What was answered is kept under the journey's key, which is part of every address: two tabs are two
journeys. Every page checks the earlier steps again and leads to the first one that is not answered
well, so nothing is skipped by opening a later address. Only a POST stores.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from stockport.components import Action, SummaryRow
from stockport.keeping import Kept, SessionStore, Store
from stockport.readonly import reading
from stockport.steps import Answers, Step, StepForm


class NotFinished(Exception):
    """`finish` raises it with an address to show instead; what was answered is kept."""


class Journey(ABC):
    """Subclass it: the steps, and what happens at the end; `urls()` gives the addresses."""

    name: ClassVar[str]  # where it is kept, and of the addresses: name, name_step, name_check
    namespace: ClassVar[str]  # of the app that mounts urls()
    start_url: ClassVar[str]  # name of the page that the first step goes back to
    steps: ClassVar[tuple[Step, ...]]
    template: ClassVar[str] = "journey/step.html"  # of steps without one of their own
    at: ClassVar[str] = "new"  # how the addresses begin
    send_text: ClassVar[str] = "Confirm and send"  # the button of the check page

    @abstractmethod
    def finish(self, visit: Visit) -> str:
        """Do once per key what the journey is for; the address of the page that confirms it."""

    def store(self, request: HttpRequest, key: uuid.UUID) -> Store:
        """Where the answers are kept."""
        return SessionStore(request.session, self.name, key)

    def given(self, request: HttpRequest) -> Answers:
        """What is known before the first question."""
        return {}

    def urls(self) -> list[URLPattern]:
        """The addresses of the journey; “new/” begins one."""
        return [
            path(f"{self.at}/", self.begin, name=self.name),
            path(f"{self.at}/<uuid:key>/check/", self.check, name=f"{self.name}_check"),
            path(f"{self.at}/<uuid:key>/<slug:slug>/", self.step, name=f"{self.name}_step"),
        ]

    def url(self, key: uuid.UUID, step: Step | None, *, change: bool = False) -> str:
        """The address of a step, or of the check page."""
        name = f"{self.namespace}:{self.name}_{'step' if step else 'check'}"
        address = reverse(name, args=[key, step.slug] if step else [key])
        return f"{address}?change=1" if step and change else address

    def begin(self, request: HttpRequest) -> HttpResponse:
        """A fresh key; nothing is stored before the first answer."""
        return redirect(self.url(uuid.uuid4(), self.steps[0]))

    def step(self, request: HttpRequest, key: uuid.UUID, slug: str) -> HttpResponse:
        """A step's page, unless the journey is over or an earlier step needs an answer."""
        if slug not in {step.slug for step in self.steps}:
            raise Http404
        visit = Visit(self, request, key)
        step = visit.walk(slug)
        if visit.done or step is None or step.slug != slug:
            return redirect(visit.done or self.url(key, step))
        if request.method == "POST" and step.form:
            form = visit.form(step.form, request.POST, request.FILES)
            return redirect(visit.store(step, form)) if form.is_valid() else visit.page(step, form)
        with reading():
            return visit.page(step, visit.form(step.form, visit.typed(step)) if step.form else None)

    def check(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Every answer, with links to change it. A second POST confirms what the first one did."""
        visit = Visit(self, request, key)
        step = visit.walk()
        if visit.done or step:
            return redirect(visit.done or self.url(key, step, change=True))
        return self.checked(visit)

    def checked(self, visit: Visit) -> HttpResponse:
        """Show all answers, or finish with them: with these, whatever another tab posts now."""
        if visit.request.method == "POST":
            try:
                address = self.finish(visit)
            except NotFinished as stop:
                return redirect(str(stop))
            visit.kept_in.end(address)
            return redirect(address)
        with reading():
            back_url = self.url(visit.key, visit.passed[-1][0])
            context = {"rows": visit.rows(), "back_url": back_url, "send_text": self.send_text}
            return render(visit.request, "journey/check.html", context)


class Visit:
    """One request for a page of a journey, with what is kept of it."""

    def __init__(self, journey: Journey, request: HttpRequest, key: uuid.UUID) -> None:
        self.journey, self.request, self.key = journey, request, key
        self.kept_in = journey.store(request, key)
        self.kept = self.kept_in.read()
        self.changing = "change" in request.GET
        self.answers: Answers = journey.given(request)
        self.passed: list[tuple[Step, StepForm]] = []

    @property
    def done(self) -> str:
        """The address that confirms a finished journey, or nothing."""
        return self.kept.get("", "")

    def typed(self, step: Step) -> QueryDict | None:
        """What was answered before, or None."""
        return QueryDict(self.kept[step.slug]) if step.slug in self.kept else None

    def form(self, form: type[StepForm], *data: Any) -> StepForm:
        """A step's form with this data (and files), or an empty one."""
        return form(*data, request=self.request, answers=self.answers)

    def walk(self, slug: str = "") -> Step | None:
        """The first step that is not answered well, at most this one; None where all are."""
        for step in self.journey.steps if not self.done else ():
            if step.when(self.answers):
                if step.slug == slug or not step.form:
                    return step
                form = self.form(step.form, self.typed(step))
                if not form.is_valid():
                    return step
                self.answers[step.slug] = form.cleaned_data
                self.passed.append((step, form))
        return None

    def page(self, step: Step, form: StepForm | None) -> HttpResponse:
        """The step's page with this form; back leads to the step before, or to the check page."""
        back = reverse(self.journey.start_url)
        if self.changing and step.slug in self.kept:
            back = self.journey.url(self.key, None)
        elif self.passed:
            back = self.journey.url(self.key, self.passed[-1][0])
        question = form.visible_fields()[0] if form else None
        title = step.title or (question.label if question else "")
        context: dict[str, Any] = {"form": form, "question": question, "title": title}
        context |= {"back_url": back, "step": step, "answers": self.answers}
        return render(self.request, step.template or self.journey.template, context)

    def rows(self) -> list[SummaryRow]:
        """All answers, each with its link to change it, and what follows from them."""
        rows = []
        for step, form in self.passed:
            url = self.journey.url(self.key, step, change=True)
            for text, shown in form.rows():
                rows.append(SummaryRow(text, shown, (Action("Change", url, text.lower()),)))
            rows += [SummaryRow(text, shown) for text, shown in form.following()]
        return rows

    def store(self, step: Step, form: StepForm) -> str:
        """Keep a good answer, forget those that a change makes meaningless; the next address."""
        if form.stays:
            return self.journey.url(self.key, step, change=self.changing)
        self.answers[step.slug] = form.cleaned_data
        typed = form.stored()

        def answered(kept: Kept) -> Kept:
            lost = step.clears if typed != kept.get(step.slug) else ()
            return {k: v for k, v in kept.items() if k not in lost} | {step.slug: typed}

        self.kept_in.change(answered)
        later = self.journey.steps[self.journey.steps.index(step) + 1 :]
        after = next((step for step in later if step.when(self.answers)), None)
        return self.journey.url(self.key, None if self.changing else after)
