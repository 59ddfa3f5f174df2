"""The journey of a report, from “what is it?” to its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.http import resident_of
from stockport.journey import Journey, NotFinished
from stockport.steps import Answers, Step
from street_reports import forms
from street_reports.actions import AlreadyReported, Place, submit_report

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


def is_dangerous(answers: Answers) -> bool:
    """A danger was named: the form ends with how to phone."""
    return bool(answers["danger"]["danger"] == "yes")


def is_not_listed(answers: Answers) -> bool:
    """The register does not have it: it is described in words."""
    return forms.chosen(answers) is None


def has_several_streets(answers: Answers) -> bool:
    """The search may mean any of several streets."""
    return bool(answers["find"]["streets"])


def is_on_a_street(answers: Answers) -> bool:
    """Unless none of the streets is the right one."""
    return "street" not in answers or answers["street"]["street"] is not None


def is_reported(answers: Answers) -> bool:
    """Somebody reported this fault before, and it is not put right yet."""
    return answers["fault"]["open_report"] is not None


class Reporting(Journey):
    """Danger first; then where, what, and whatever else helps."""

    name = "new"
    namespace = "street_reports"
    start_url = "street_reports:index"
    steps = (
        Step(
            "kind", forms.KindForm, clears=("danger", "find", "street", "choose", "place", "fault")
        ),
        Step(
            "danger",
            forms.DangerForm,
            title="Check that it is not dangerous",
            template="street_reports/danger.html",
        ),
        Step(
            "contact-us",
            None,
            title="Contact us now, do not report this online",
            template="street_reports/contact_us.html",
            when=is_dangerous,
        ),
        Step("find", forms.FindForm, clears=("street", "choose", "place")),
        Step(
            "street",
            forms.StreetForm,
            template="street_reports/street.html",
            when=has_several_streets,
            clears=("choose", "place"),
        ),
        Step(
            "choose",
            forms.ChooseForm,
            template="street_reports/choose.html",
            when=is_on_a_street,
        ),
        Step("place", forms.PlaceForm, title="Where it is", when=is_not_listed),
        Step("fault", forms.FaultForm),
        Step(
            "reported",
            None,
            title="This has already been reported",
            template="street_reports/reported.html",
            when=is_reported,
        ),
        Step("details", forms.DetailsForm),
        Step(
            "photo",
            forms.PhotoForm,
            title="Add photos (optional)",
            template="street_reports/photo.html",
        ),
        Step("updates", forms.ContactForm),
    )

    def finish(self, request: HttpRequest, key: UUID, answers: Answers) -> str:
        """Submit the report; the same key again leads to the same report."""
        asset = forms.chosen(answers)
        try:
            report = submit_report(
                resident=resident_of(request),
                token=key,
                fault=answers["fault"]["fault"],
                place=Place.of(asset) if asset else answers["place"]["place"],
                description=answers["details"]["description"],
                wants_updates=answers["updates"]["updates"] == "yes",
            )
        except AlreadyReported:
            # The pages check again and now find the other report.
            raise NotFinished(self.url(key, None)) from None
        return reverse("street_reports:submitted", args=[report.public_id])
