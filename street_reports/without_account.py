"""The journey of a report by somebody who does not sign in: it ends with an e-mail to confirm."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from stockport.keeping import Kept, SessionStore, Store
from stockport.steps import Answers, Step
from street_reports import forms
from street_reports.actions import Place
from street_reports.confirming import AlreadyAsked, ask_to_confirm, take_back
from street_reports.reporters import Reporter
from street_reports.reporting import Reporting, is_new, is_reported, place_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from stockport.journey import Visit
    from street_reports.models import Report

    View = Callable[..., HttpResponse]


def is_urgent(answers: Answers) -> bool:
    """It cannot wait until somebody reads their e-mail."""
    return bool(answers["fault"]["fault"].is_urgent) if is_new(answers) else False


def for_visitors(view: View) -> View:
    """A page of the journey that anybody may see; who is signed in goes on in their account."""

    @login_not_required
    @wraps(view)
    def visited(journey: WithoutAccount, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if kwargs.get("slug", "kind") not in {step.slug for step in journey.steps}:
            raise Http404
        if request.user.is_authenticated:
            key = kwargs.get("key")
            return redirect(Reporting().url(key, None) if key else reverse("street_reports:new"))
        response = view(journey, request, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return visited


# What is different from the journey of a resident, by the step in whose place it stands.
INSTEAD: dict[str, tuple[Step, ...]] = {
    "yours": (
        Step(
            "urgent",
            None,
            title="We need to know about this at once",
            template="street_reports/urgent.html",
            when=is_urgent,
        ),
    ),
    "reported": (
        Step(
            "reported",
            forms.JoinForm,
            title="This has already been reported",
            template="street_reports/reported.html",
            when=is_reported,
        ),
    ),
    "photo": (),
    "updates": (
        Step(
            "email",
            forms.EmailForm,
            title="Your e-mail address",
            template="street_reports/email.html",
        ),
    ),
}


def _new(answers: Answers) -> dict[str, Any]:
    return {
        "place": place_in(answers),
        "fault": answers["fault"]["fault"],
        "description": answers["details"]["description"],
        "answers": answers["details"]["answers"],
        "wants_updates": answers["email"]["updates"] == "yes",
    }


def _addition(report: Report, answers: Answers) -> dict[str, Any]:
    asset = report.asset
    return {
        "follows": report,
        "place": Place.of(asset) if asset else None,
        "fault": report.fault,
        "description": answers["reported"]["information"],
        "wants_updates": answers["reported"]["updates"] == "yes",
    }


class SharedStore(SessionStore):
    """What a resident who signs in goes on with, and what an address with a slip does not lose."""

    def end(self, address: str) -> None:
        """The answers stay beside it."""
        self.change(lambda kept: kept | {"": address})


class WithoutAccount(Reporting):
    """As a resident reports, without photos. It shares what was typed: signing in loses nothing."""

    name = "without_account"
    at = "without-account"
    send_text = "Send me the link"
    steps = tuple(chain.from_iterable(INSTEAD.get(step.slug, (step,)) for step in Reporting.steps))

    begin = for_visitors(Reporting.begin)
    step = for_visitors(Reporting.step)
    check = for_visitors(Reporting.check)

    def store(self, request: HttpRequest, key: UUID) -> Store:
        """In the session, where the journey of a resident looks for what is not in the account."""
        return SharedStore(request.session, Reporting.name, key)

    def reporter(self, request: HttpRequest) -> Reporter:
        """Nobody yet: that an address is theirs is confirmed later."""
        return Reporter()

    def finish(self, visit: Visit) -> str:
        """Send the link, once; the page that says so."""
        key, answers = visit.key, visit.answers
        known = forms.open_report(answers)
        with suppress(AlreadyAsked):
            ask_to_confirm(
                token=key,
                email=answers["email"]["email"],
                **(_addition(known, answers) if known else _new(answers)),
            )
        return reverse("street_reports:asked", args=[key])

    def address(self, request: HttpRequest, key: UUID) -> str:
        """Where the link of this form went; nothing where none was sent."""
        kept = self.store(request, key).read()
        return str(QueryDict(kept.get("email", "")).get("email", "")) if "" in kept else ""

    def again(self, request: HttpRequest, key: UUID) -> str:
        """Forget the address and its link; the page that asks for another one, or the same."""
        take_back(token=key)
        self.store(request, key).change(_without_address)
        return self.url(key, None)


def _without_address(kept: Kept) -> Kept:
    return {slug: typed for slug, typed in kept.items() if slug not in ("", "email")}
