"""A small journey, mounted beside the portal's addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.urls import include, path

from stockport.forms import DateField, RadioSelect
from stockport.journey import Journey, NotFinished, Visit
from stockport.steps import Answers, Step, StepForm
from stockport.urls import handler500
from stockport.urls import urlpatterns as portal

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["handler500", "urlpatterns"]

finished: list[tuple[UUID, Answers]] = []


class AnimalForm(StepForm):
    animal = forms.ChoiceField(
        label="Which animal?", choices=[("cat", "Cat"), ("dog", "Dog")], widget=RadioSelect
    )


class NameForm(StepForm):
    name = forms.CharField(label="What is its name?", max_length=10)

    def clean_name(self) -> str:
        if (self.answers["animal"]["animal"], self.cleaned_data["name"]) == ("cat", "Rex"):
            raise forms.ValidationError("Rex is a dog")
        return str(self.cleaned_data["name"])


class BornForm(StepForm):
    born = DateField(label="When was it born?", required=False)
    where = forms.CharField(label="Where was it born?", required=False)


class Pets(Journey):
    name = "pet"
    namespace = "pets"
    start_url = "home:start"
    steps = (
        Step("animal", AnimalForm, clears=("name",)),
        Step("name", NameForm),
        Step(
            "unwanted",
            None,
            title="No Felix",
            template="street_reports/contact_us.html",
            when=lambda given: named(given) == "Felix",
        ),
        Step("born", BornForm, title="Birth", when=lambda given: kind(given) == "dog"),
    )

    def finish(self, visit: Visit) -> str:
        if named(visit.answers) == "Tom":
            raise NotFinished(self.url(visit.key, self.steps[1]))
        finished.append((visit.key, visit.answers))
        return "/done/"


def kind(answers: Answers) -> str:
    return str(answers["animal"]["animal"])


def named(answers: Answers) -> str:
    return str(answers["name"]["name"])


urlpatterns = [path("pets/", include((Pets().urls(), "pets"))), *portal]
