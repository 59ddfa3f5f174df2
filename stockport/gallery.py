"""/dev/components: every component and state on one page, on a developer's machine only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import path

from stockport.components import Action, Cell, SummaryRow
from stockport.forms import (
    CharacterCount,
    CheckboxSelectMultiple,
    DateField,
    GovukForm,
    PasswordInput,
    RadioSelect,
    TextInput,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

COLOURS = ["grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"]
PLACES = [("bredbury", "Bredbury"), ("marple", "Marple"), ("reddish", "Reddish")]
CHANGE = Action("Change", "#summary", hidden="it")
ROWS = [
    SummaryRow("Name", "Ada Shaw", (CHANGE,)),
    SummaryRow("Address", "1 High Street, Stockport, SK1 3XE"),
    SummaryRow(
        "Phone",
        "0161 496 0000",
        (Action("Change", "#summary", "phone"), Action("Remove", "#summary", "phone")),
    ),
]
HEAD = ["Due", "For", Cell("Amount", numeric=True)]
INSTALMENTS = [
    [Cell("1 October 2026", header=True), "Council tax", Cell("£142.00", numeric=True)],
    [
        Cell("1 November 2026", header=True),
        Cell("Council tax", href="#table"),
        Cell("£142.00", numeric=True),
    ],
]


class GalleryForm(GovukForm):
    """A field of each kind."""

    name = forms.CharField(label="Full name", help_text="As it is on your letters")
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "govuk-input--width-20"}),
    )
    amount = forms.DecimalField(
        label="Amount",
        widget=TextInput({"inputmode": "decimal", "class": "govuk-input--width-5"}, prefix="£"),
    )
    password = forms.CharField(label="Password", widget=PasswordInput)
    born = DateField(label="Date of birth", help_text="For example, 31 3 1980")
    place = forms.ChoiceField(
        label="Where it is",
        choices=PLACES,
        widget=RadioSelect(hints={"marple": "Marple and High Lane"}, divider="or"),
    )
    contact = forms.ChoiceField(
        label="How to tell you",
        choices=[("email", "E-mail"), ("text", "Text message")],
        widget=RadioSelect({"class": "govuk-radios--inline govuk-radios--small"}),
    )
    needs = forms.MultipleChoiceField(
        label="What you need",
        help_text="Select all that apply",
        choices=[("step", "Step-free way in"), ("loop", "Hearing loop"), ("none", "None of these")],
        widget=CheckboxSelectMultiple(divider="or", exclusive="none"),
    )
    ward = forms.ChoiceField(label="Ward", choices=[("", "Choose a ward"), *PLACES])
    details = forms.CharField(label="Details", max_length=200, widget=CharacterCount(200))
    notes = forms.CharField(label="Notes", widget=forms.Textarea)
    photo = forms.FileField(label="Photo", help_text="JPEG or PNG, smaller than 10MB")
    agree = forms.BooleanField(label="I have read the privacy notice")


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component; with ?errors every field in its error state."""
    wrong = {"born-day": "31", "born-month": "February", "born-year": "2026"}
    form = _form(request, wrong)
    page = Paginator(range(100), 10).get_page(request.GET.get("page", 5))
    context = {"form": form, "page": page, "colours": COLOURS, "rows": ROWS}
    return render(request, "dev/components.html", context | {"head": HEAD, "lines": INSTALMENTS})


@login_not_required
def question(request: HttpRequest, name: str) -> HttpResponse:
    """A field of the gallery as a page of its own; 404 for a name that is none."""
    form = _form(request, {})
    if name not in form.fields:
        raise Http404("There is no such field.")
    form.fields = {name: form.fields[name]}
    return render(request, "dev/question.html", {"form": form, "field": form[name]})


def _form(request: HttpRequest, wrong: dict[str, str]) -> GalleryForm:
    if request.method == "POST":
        return GalleryForm(request.POST, request.FILES)
    return GalleryForm(wrong if "errors" in request.GET else None)


def routes() -> list[URLPattern]:
    """The pages where COMPONENT_GALLERY is set: in development, and nowhere else."""
    if not settings.COMPONENT_GALLERY:
        return []
    return [
        path("dev/components/", gallery, name="dev-components"),
        path("dev/components/<slug:name>/", question, name="dev-question"),
    ]
