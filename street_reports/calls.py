"""The journey of a report that staff take down from a caller, and the page that ends it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.addresses import resident_of_address
from accounts.http import resident_of
from accounts.second_step.staff import require_power
from stockport.keeping import SessionStore
from stockport.readonly import readonly
from stockport.steps import Answers, Step
from street_reports import forms, pages
from street_reports.models import Report
from street_reports.reporters import Reporter, reporter_in
from street_reports.reporting import Reporting, is_dangerous, is_reported

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from stockport.keeping import Store

    View = Callable[..., HttpResponse]

CALL_OUT = "Call out the duty officer now"


def check_permission(request: HttpRequest) -> None:
    """Raises Http404 for whoever may not take calls, and leads who may to the second step."""
    require_power(request, "street_reports.report_for_caller")


def for_staff(view: View) -> View:
    """A page of the journey for those who may take calls."""

    @wraps(view)
    def visited(journey: Call, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        check_permission(request)
        return view(journey, request, **kwargs)

    return visited


def _call_out(slug: str, when: Callable[[Answers], bool]) -> tuple[Step, ...]:
    return (Step(slug, None, CALL_OUT, "street_reports/call_out.html", when),)


# What is different from the journey of a resident, by the step in whose place it stands.
INSTEAD: dict[str, tuple[Step, ...]] = {
    "contact-us": _call_out("contact-us", is_dangerous),
    "contact-us-now": _call_out("contact-us-now", forms.is_dangerous_after_all),
    "yours": (),
    "reported": (
        Step(
            "reported",
            forms.InformationForm,
            title="This has already been reported",
            template="street_reports/call_reported.html",
            when=is_reported,
        ),
    ),
    "photo": (),
    "updates": (Step("caller", forms.CallerForm, title="The caller"),),
}


class Call(Reporting):
    """As a resident reports, with a member of staff at the keyboard. Nobody acts as a resident."""

    name = "call"
    at = "calls"
    start_url = "admin:street_reports_report_changelist"
    steps = tuple(chain.from_iterable(INSTEAD.get(step.slug, (step,)) for step in Reporting.steps))

    begin = for_staff(Reporting.begin)
    step = for_staff(Reporting.step)
    check = for_staff(Reporting.check)

    def store(self, request: HttpRequest, key: UUID) -> Store:
        """In the session: what a caller says is no draft of who takes the call."""
        return SessionStore(request.session, self.name, key)

    def reporter(self, request: HttpRequest) -> Reporter:
        """A caller, of whom nothing is known yet."""
        return Reporter(taken_by=resident_of(request))

    def known(self, answers: Answers) -> Reporter:
        """The account that the caller asked for, if there is one; else the address, or nothing."""
        caller, staff = answers["caller"], reporter_in(answers).taken_by
        account = resident_of_address(caller["email"]) if caller["account"] else None
        return Reporter(account, "" if account else caller["email"], staff)

    def wants_updates(self, answers: Answers) -> bool:
        """Whether to write to the caller again."""
        return bool(answers["caller"]["updates"])

    def confirmed(self, report: Report, reporter: Reporter) -> str:
        """The page with what to tell the caller."""
        return reverse("street_reports:call_taken", args=[report.public_id])


@readonly
def taken(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What to tell the caller before they hang up."""
    check_permission(request)
    report = get_object_or_404(Report.objects.in_full(), public_id=public_id)
    context = {"report": report, "expected": pages.expected(report)}
    return render(request, "street_reports/call_taken.html", context)
