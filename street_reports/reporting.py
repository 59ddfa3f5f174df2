"""The journey of a report, from “what is it?” to its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from accounts.http import resident_of
from stockport.journey import Journey, NotFinished, Visit
from stockport.keeping import SessionStore, Store
from stockport.operations.middleware import permissions
from stockport.steps import Answers, Step
from street_reports import forms
from street_reports.actions import AlreadyReported, Place, submit_report
from street_reports.drafts import DraftStore
from street_reports.following import OwnReport, add_to_report
from street_reports.reporters import Reporter, reporter_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from street_reports.models import Report

NOT_OURS = "The council does not look after this"
CONTACT_US = "Contact us now, do not report this online"


def is_dangerous(answers: Answers) -> bool:
    """A danger was named: the form ends with how to phone."""
    return bool(answers["danger"]["danger"] == "yes")


def is_somebody_elses(answers: Answers) -> bool:
    """Others look after it: the form ends with who they are."""
    return answers["whose"]["owner"] is not None


def has_another_owner(answers: Answers) -> bool:
    """The register says that others look after the one that was chosen."""
    there = answers.get("choose") or answers.get("map") or {}
    return there.get("owner") is not None


def is_not_listed(answers: Answers) -> bool:
    """The register does not have it: it is described in words."""
    return forms.chosen(answers) is None


def has_several_streets(answers: Answers) -> bool:
    """The search may mean any of several streets."""
    return bool(answers["find"]["streets"])


def is_on_a_street(answers: Answers) -> bool:
    """Unless none of the streets is the right one, or the map is the way."""
    on_one = "street" not in answers or answers["street"]["street"] is not None
    return on_one and not is_by_map(answers)


def is_by_map(answers: Answers) -> bool:
    """It is to be found on the map."""
    return bool(answers["find"]["by_map"])


def has_reports_nearby(answers: Answers) -> bool:
    """What is not listed may be one of those that others have reported."""
    return is_not_listed(answers) and forms.is_near_others(answers)


def is_nothing_nearby(answers: Answers) -> bool:
    """It was not found among the reports nearby."""
    return answers.get("nearby", {}).get("report") is None


def is_reported(answers: Answers) -> bool:
    """Somebody reported this fault before, and it is not put right yet."""
    return forms.open_report(answers) is not None


def is_yours(answers: Answers) -> bool:
    """They reported or follow it themselves."""
    return any(answers.get(step, {}).get("is_yours") for step in ("nearby", "fault"))


def is_new(answers: Answers) -> bool:
    """Nobody has reported it, as far as the pages know."""
    return not is_reported(answers)


PLACE = ("street", "choose", "map", "place", "nearby")  # the pages that say where it is


class Reporting(Journey):
    """Danger first; then where, what, and whatever else helps."""

    name = "new"
    namespace = "street_reports"
    start_url = "street_reports:index"
    template = "street_reports/step.html"
    steps: ClassVar[tuple[Step, ...]] = (
        Step(
            "kind",
            forms.KindForm,
            clears=("danger", "whose", "find", *PLACE, "fault"),
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
            title=CONTACT_US,
            template="street_reports/contact_us.html",
            when=is_dangerous,
        ),
        Step("whose", forms.WhoseForm),
        Step(
            "not-ours",
            None,
            title=NOT_OURS,
            template="street_reports/not_ours.html",
            when=is_somebody_elses,
        ),
        Step(
            "find",
            forms.FindForm,
            template="street_reports/find.html",
            clears=PLACE,
        ),
        Step(
            "street",
            forms.StreetForm,
            template="street_reports/street.html",
            when=has_several_streets,
            clears=("choose", "place", "nearby"),
        ),
        Step(
            "choose",
            forms.ChooseForm,
            template="street_reports/choose.html",
            when=is_on_a_street,
            clears=("place", "nearby", "reported"),
        ),
        Step(
            "map",
            forms.MapForm,
            title="Choose it on the map or in the list",
            template="street_reports/map.html",
            when=is_by_map,
            clears=("place", "nearby", "reported"),
        ),
        Step(
            "another-owner",
            None,
            title=NOT_OURS,
            template="street_reports/not_ours.html",
            when=has_another_owner,
        ),
        Step("place", forms.PlaceForm, title="Where it is", when=is_not_listed, clears=("nearby",)),
        Step("nearby", forms.NearbyForm, when=has_reports_nearby, clears=("reported",)),
        Step("fault", forms.FaultForm, when=is_nothing_nearby, clears=("reported",)),
        Step(
            "yours",
            None,
            title="You know about this report",
            template="street_reports/yours.html",
            when=is_yours,
        ),
        Step(
            "reported",
            forms.FollowForm,
            title="This has already been reported",
            template="street_reports/reported.html",
            when=is_reported,
        ),
        Step("details", forms.DetailsForm, template="street_reports/details.html", when=is_new),
        Step(
            "contact-us-now",
            None,
            title=CONTACT_US,
            template="street_reports/contact_us.html",
            when=forms.is_dangerous_after_all,
        ),
        Step(
            "photo",
            forms.PhotoForm,
            title="Add photos (optional)",
            template="street_reports/photo.html",
            when=is_new,
        ),
        Step("updates", forms.ContactForm, when=is_new),
    )

    def step(self, request: HttpRequest, key: UUID, slug: str) -> HttpResponse:
        """The map's page alone may ask the browser where somebody is."""
        response = super().step(request, key, slug)
        if slug == "map":
            response.headers["Permissions-Policy"] = permissions(geolocation="self")
        return response

    def store(self, request: HttpRequest, key: UUID) -> Store:
        """In the account, so that it can be continued later."""
        begun = SessionStore(request.session, self.name, key)
        return DraftStore(resident_of(request), key, begun)

    def given(self, request: HttpRequest) -> Answers:
        """Who reports."""
        return {"reporter": {"reporter": self.reporter(request)}}

    def reporter(self, request: HttpRequest) -> Reporter:
        """The resident who is signed in."""
        return Reporter(resident_of(request))

    def finish(self, visit: Visit) -> str:
        """Submit the report; the same key again leads to the same report."""
        reporter = self.known(visit.answers)
        try:
            return self.confirmed(self.told(visit.key, reporter, visit.answers), reporter)
        except (AlreadyReported, OwnReport):
            # The pages check again and now find the other report.
            raise NotFinished(self.url(visit.key, None)) from None

    def known(self, answers: Answers) -> Reporter:
        """Who reports, as far as that is known at the end."""
        return reporter_in(answers)

    def confirmed(self, report: Report, reporter: Reporter) -> str:
        """The page that says so; where somebody else was faster, it is of their report."""
        return report.confirmed_at(reporter.resident)

    def wants_updates(self, answers: Answers) -> bool:
        """Whether to write to them again."""
        there = "reported" if forms.open_report(answers) else "updates"
        return bool(answers[there]["updates"] == "yes")

    def told(self, key: UUID, reporter: Reporter, answers: Answers) -> Report:
        """The report that is there already, with what was added to it, or a new one."""
        if known := forms.open_report(answers):
            add_to_report(
                reporter=reporter,
                report=known,
                information=answers["reported"]["information"],
                wants_updates=self.wants_updates(answers),
                form=key,
            )
            return known
        return submit_report(
            resident=reporter.resident,
            email=reporter.email,
            taken_by=reporter.taken_by,
            token=key,
            fault=answers["fault"]["fault"],
            place=place_in(answers),
            description=answers["details"]["description"],
            answers=answers["details"]["answers"],
            wants_updates=self.wants_updates(answers),
        )


def place_in(answers: Answers) -> Place:
    """Where it is: the asset that was chosen, or words."""
    asset = forms.chosen(answers)
    place: Place = Place.of(asset) if asset else answers["place"]["place"]
    return place
