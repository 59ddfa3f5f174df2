"""The list of reports as a queue: what is to be done, the longest overdue first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from stockport.admin import ReadOnlyAdmin
from stockport.outbox.models import Delivery
from street_reports.admin.filters import (
    DutyFilter,
    SendingFilter,
    StatusFilter,
    TargetFilter,
    TeamFilter,
    is_queue,
    teams,
)
from street_reports.models import Follower, Report
from street_reports.rules import postcode_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString


class Team(NamedTuple):
    """What waits for a team."""

    key: int
    name: str
    open: int
    late: int


class QueueAdmin(ReadOnlyAdmin):
    """The list opens on what is to be done; every other report is one click away."""

    list_display = (
        "reference", "fault", "location", "team", "status", "target", "late", "followed",
        "source_owner", "sending",
    )  # fmt: skip
    list_filter = (
        StatusFilter, TeamFilter, TargetFilter, "kind", SendingFilter,
        "fault__is_urgent", DutyFilter, ("created_at", admin.DateFieldListFilter),
    )  # fmt: skip
    list_select_related = ("fault", "destination", "source")
    search_fields = ("location",)
    search_help_text = "Our reference or theirs, place or postcode. A search looks in all reports."
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """With how many follow each."""
        others = Follower.objects.filter(report=OuterRef("pk")).order_by().values("report")
        number = Subquery(others.annotate(number=Count("*")).values("number"))
        reports: QuerySet[Report] = super().get_queryset(request)
        counted = reports.annotate(others=Coalesce(number, 0))
        # Asked for by themselves: a join would read those of every report before it is sorted.
        return counted.prefetch_related("delivery")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Report], search_term: str
    ) -> tuple[QuerySet[Report], bool]:
        """Whose reference or postcode it is; otherwise those whose place has all the words."""
        for named in _names(search_term.strip()):
            found = queryset.filter(**named)
            if found.exists():
                return found, False
        return super().get_search_results(request, queryset, search_term)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By target, then by age; those without a target last. What is not a queue: by age."""
        return ("due_on", "created_at") if is_queue(request) else ("-created_at",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, under what waits for each team."""
        counts = {"teams": _counts(timezone.localdate())}
        return super().changelist_view(request, {**counts, **(extra_context or {})})

    @admin.display(description="team", ordering="destination__name")
    def team(self, report: Report) -> str:
        """Who deals with it."""
        return report.destination.name

    @admin.display(description="target", ordering="due_on", empty_value="None")
    def target(self, report: Report) -> date | None:
        """By when it is to be dealt with."""
        return report.due_on

    @admin.display(description="days late", empty_value="")
    def late(self, report: Report) -> int | None:
        """For how many days it has been overdue."""
        return report.days_late or None

    @admin.display(description="followers", ordering="others")
    def followed(self, report: Any) -> int:
        """How many others met the fault."""
        return int(report.others)

    @admin.display(description="source", ordering="source__owner", empty_value="")
    def source_owner(self, report: Report) -> str | None:
        """Whose app brought it."""
        return report.source.owner if report.source else None

    @admin.display(description="sending", ordering="delivery__state")
    def sending(self, report: Report) -> SafeString:
        """The state of the delivery, as a link to it."""
        return delivery_link(report.delivery)


def _names(words: str) -> Iterator[dict[str, Any]]:
    """What the words may be the name of, as filters: one after the other, each by an index."""
    if not words:
        return
    yield {"reference": words.upper()}
    there = [key for key, _ in teams()]
    yield {"delivery__in": Delivery.objects.filter(destination__in=there, remote_reference=words)}
    if postcode := postcode_in(words):
        yield {"postcode": postcode}


def delivery_link(delivery: Delivery) -> SafeString:
    """The state of a delivery, as a link to its page."""
    url = reverse("admin:outbox_delivery_change", args=[delivery.pk])
    return format_html('<a href="{}">{}</a>', url, delivery.get_state_display())


def _counts(today: date) -> list[Team]:
    """What waits for each team, in two queries."""
    counted = Report.objects.per_team(today)
    return [Team(key, name, *counted.get(key, (0, 0))) for key, name in teams()]
