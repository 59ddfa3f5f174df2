"""The question that staff answer before the first record that they open: why they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.looking import WHY

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REASONS = [
    ("contact", "The resident has contacted us"),
    ("work", "We are working on the resident’s request, claim or account"),
    ("quality", "We are checking our own work, or a complaint"),
    ("mending", "We are mending a fault of this website"),
]


class WhyForm(forms.Form):
    """A reason that every resident understands, and a number that leads staff to the case."""

    reason = forms.ChoiceField(
        label="Why are you looking at residents’ records?",
        choices=REASONS,
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),  # as the admin draws its own
        error_messages={"required": "Choose why you are looking at residents’ records."},
    )
    case = forms.RegexField(
        label="Case or call number",
        regex=r"^[\w/ -]*$",
        max_length=40,
        required=False,
        help_text="If there is one. Do not write a name.",
        error_messages={"invalid": "Write a number with letters, digits, spaces, - and / only."},
    )

    def words(self) -> str:
        """The reason as residents read it."""
        case = self.cleaned_data["case"]
        reason = dict(REASONS)[self.cleaned_data["reason"]]
        return f"{reason} ({case})" if case else reason


def why_looking(request: HttpRequest) -> HttpResponse:
    """Ask, keep the answer for this session, and go on to the record."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session[WHY] = form.words()
        return HttpResponseRedirect(_next(request))
    context = {
        **admin.site.each_context(request),
        "title": "Why you are looking",
        "form": form,
    }
    return TemplateResponse(request, "admin/why.html", context)


def _next(request: HttpRequest) -> str:
    address = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return address
    return reverse("admin:index")
