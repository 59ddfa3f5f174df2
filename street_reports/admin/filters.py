"""What staff narrow the list of reports down by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.utils import timezone

from stockport.outbox.models import Destination
from stockport.outbox.workflow import State
from street_reports.rules import TEAMS
from street_reports.workflow import OPEN, Status

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList
    from django.http import HttpRequest

    from street_reports.models.report_sets import ReportQuerySet

TO_DO, ALL = "open", "all"


def teams() -> list[tuple[int, str]]:
    """Who deals with reports, in order of name: key and name."""
    slugs = {team.destination for team in TEAMS.values()}
    there = Destination.objects.filter(slug__in=slugs).order_by("name")
    return list(there.values_list("pk", "name"))


def shown_status(request: HttpRequest) -> str:
    """The status that the list shows: what is to be done, or all that a search finds."""
    otherwise = ALL if request.GET.get(SEARCH_VAR) else TO_DO
    return request.GET.get(StatusFilter.parameter_name) or otherwise


def is_queue(request: HttpRequest) -> bool:
    """Whether the list shows only what is to be done."""
    return shown_status(request) in (TO_DO, *OPEN)


class StatusFilter(admin.SimpleListFilter):
    """What is to be done, unless staff want another status, or search."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every choice; none stands for itself."""
        self.shown = shown_status(request)
        return [(TO_DO, "To do"), (ALL, "All reports"), *Status.choices]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The choices, without the usual first one: “To do” is in its place."""
        for value, words in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": value == self.shown, "query_string": query, "display": words}

    def queryset(self, request: HttpRequest, queryset: Any) -> ReportQuerySet:
        """Those of the status."""
        reports: ReportQuerySet = queryset
        if self.shown == ALL:
            return reports
        return reports.open() if self.shown == TO_DO else _among(reports, "status", self)


class TeamFilter(admin.SimpleListFilter):
    """Who deals with it."""

    title = "team"
    parameter_name = "team"
    field = "destination"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The teams."""
        return [(str(key), name) for key, name in teams()]

    def queryset(self, request: HttpRequest, queryset: Any) -> ReportQuerySet:
        """Those that go to the team."""
        return _among(queryset, self.field, self)


class SendingFilter(TeamFilter):
    """How far its delivery to the team is."""

    title = "sending"
    parameter_name = "sending"
    field = "delivery__state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The states of the outbox."""
        return list(State.choices)


class DutyFilter(SendingFilter):
    """How far the e-mail about an urgent fault is."""

    title = "e-mail to the duty officers"
    parameter_name = "duty"
    field = "duty_email__state"


class TargetFilter(admin.SimpleListFilter):
    """By when it is to be dealt with. Today is London's, and a week ends on Sunday."""

    title = "target"
    parameter_name = "target"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """When it is due."""
        return [
            ("overdue", "Overdue"),
            ("today", "Due today"),
            ("week", "Due this week"),
            ("none", "No target"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> ReportQuerySet:
        """Those that are due then."""
        reports: ReportQuerySet = queryset
        today = timezone.localdate()
        match self.value():
            case None:
                return reports
            case "overdue":
                # To ask twice for open ones would have the database expect few of them.
                is_open = is_queue(request)
                return reports.filter(due_on__lt=today) if is_open else reports.late(today)
            case "today":
                return reports.filter(due_on=today)
            case "week":
                return reports.filter(due_on__range=(today, sunday(today)))
            case "none":
                return reports.filter(due_on=None)
        return reports.none()


def sunday(day: date) -> date:
    """The last day of the week that the day is in."""
    return day + timedelta(days=6 - day.weekday())


def _among(reports: ReportQuerySet, field: str, chosen: admin.SimpleListFilter) -> ReportQuerySet:
    """Those whose field has the chosen value; none for a value that is no choice."""
    value = chosen.value()
    if value is None:
        return reports
    known = value in (choice for choice, _ in chosen.lookup_choices)
    return reports.filter(**{field: value}) if known else reports.none()
