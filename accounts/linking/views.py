"""The journey of linking, and what it ends with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.actions import NotLinked, revoke_link
from accounts.http import resident_of
from accounts.limits import network
from accounts.linking import forms
from accounts.linking.budgets import tries_left
from accounts.linking.claim import Claim, Proof
from accounts.linking.letters import ask_for_letter
from accounts.linking.proving import Result, prove, prove_by_pin
from accounts.linking.reviewing import AlreadyAsked, ask_staff
from accounts.models import LinkRequest, PersonLink, Resident
from stockport.journey import Journey, NotFinished, Visit
from stockport.keyed import keyed
from stockport.readonly import readonly
from stockport.reauthentication import password_again
from stockport.steps import Answers, Step


def has_reference(answers: Answers) -> bool:
    """Whether there is a record to name."""
    return bool(answers.get("number", {}).get("reference"))


def by(*ways: str) -> Callable[[Answers], bool]:
    """Whether the resident chose one of these ways; without a number there is only one."""

    def chosen(answers: Answers) -> bool:
        default = "" if has_reference(answers) else forms.STAFF
        return answers.get("way", {}).get("way", default) in ways

    return chosen


AFTER = ("key", "facts", "pin", "tell")


class Linking(Journey):
    """Which record, whose it is, and one more proof."""

    name = "link"
    namespace = "accounts"
    start_url = "accounts:index"
    at = "link"
    send_text = "Continue"
    steps = (
        Step("service", forms.ServiceForm, clears=("number", "way", *AFTER)),
        Step("number", forms.ReferenceForm, clears=AFTER),
        Step("name", forms.NameForm, title="Your name, as it is on the bill or letter"),
        Step("way", forms.WayForm, when=has_reference),
        Step("key", forms.KeyForm, when=by(forms.KEY)),
        Step("facts", forms.FactsForm, title="Answer two of these", when=by(forms.FACTS)),
        Step("pin", forms.PinForm, when=by(forms.PIN)),
        Step("tell", forms.TellForm, when=by(forms.STAFF)),
    )

    def check(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """The page that sends the answers asks for the password first."""
        return password_again(super().check)(request, key)

    def finish(self, visit: Visit) -> str:
        """Try it, or ask for what was chosen; a try that fails may be tried again."""
        request, answers = visit.request, visit.answers
        resident, claim = resident_of(request), claim_in(answers)
        if "tell" in answers:
            try:
                ask_staff(resident=resident, claim=claim, tells=answers["tell"]["tells"])
            except AlreadyAsked:
                messages.info(request, "Our staff are looking at an earlier request of yours.")
            return reverse("accounts:index")
        if answers["way"]["way"] == forms.LETTER:
            ask_for_letter(resident=resident, claim=claim)
            return reverse("accounts:link_asked")
        if not try_to_prove(resident, claim, answers, network(request)).linked:
            raise NotFinished(f"{reverse('accounts:link_no_match')}?again={visit.key}")
        return reverse("accounts:link_done")


def claim_in(answers: Answers) -> Claim:
    """The record that the answers name."""
    service, number = answers["service"]["service"], answers["number"]["reference"]
    return Claim(service=service, reference=number, **answers["name"])


def try_to_prove(resident: Resident, claim: Claim, answers: Answers, address: str) -> Result:
    """One try with the proof that was chosen."""
    if "pin" in answers:
        pin = answers["pin"]["pin"]
        return prove_by_pin(resident=resident, claim=claim, pin=pin, address=address)
    proof = Proof(**(answers.get("key") or answers["facts"]))
    return prove(resident=resident, claim=claim, proof=proof, address=address)


journey = Linking()


@readonly
def done(request: HttpRequest) -> HttpResponseBase:
    """That the account is linked, and to whom."""
    links = PersonLink.objects.for_resident(resident_of(request)).active()
    newest = links.select_related("person").order_by("-linked_at", "-pk").first()
    if newest is None:
        return redirect("accounts:index")
    return render(request, "accounts/link_done.html", {"link": newest})


@readonly
def no_match(request: HttpRequest) -> HttpResponse:
    """How many tries are left today, and the ways on. It is the same whatever was wrong."""
    left = tries_left(resident_of(request), keyed(f"address {network(request)}"))
    again = reverse("accounts:link")
    with suppress(ValueError):  # nothing to go back to: a fresh start
        again = journey.url(uuid.UUID(request.GET.get("again", "")), None)
    return render(request, "accounts/link_no_match.html", {"left": left, "again": again})


@readonly
def asked(request: HttpRequest) -> HttpResponse:
    """That a letter comes if the answers are right: nobody learns more than that here."""
    return render(request, "accounts/link_asked.html")


@password_again
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a link of the resident's own; it can be made again."""
    resident = resident_of(request)
    links = PersonLink.objects.for_resident(resident).active().select_related("person")
    link = get_object_or_404(links, pk=pk)
    form = forms.RemoveForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/link_remove.html", {"form": form, "link": link})
    with suppress(NotLinked):  # by a second press of the button, or by staff
        revoke_link(link=link, revoked_by=resident)
    messages.success(request, "The record is no longer linked to your account.")
    return redirect("accounts:index")


def requests_of(request: HttpRequest) -> Any:
    """The resident's requests to staff: those that wait first, then the newest."""
    mine = LinkRequest.objects.for_resident(resident_of(request))
    return mine.order_by(F("decided_at").desc(nulls_first=True), "-pk")[:3]
