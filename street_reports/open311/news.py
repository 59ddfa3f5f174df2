"""mySociety's updates, as others read them: what became of reports, oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, CharField, F, TextField, Value, When
from django.utils import timezone

from stockport.db import is_any_of
from street_reports.models import Act, Report, Update
from street_reports.open311 import queries
from street_reports.open311.keys import key_of
from street_reports.open311.wire import Many, Reply, Row
from street_reports.workflow import Status

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from street_reports.models import ApiKey

# mySociety's word for each of our states. Why a report was closed has words of its own.
WORDS: Final[dict[str, str]] = {
    Status.RECEIVED: "open",
    Status.ACCEPTED: "investigating",
    Status.PLANNED: "planned",
    Status.FIXED: "fixed",
    Status.CLOSED: "closed",
    Status.NOT_OURS: "not_councils_responsibility",
}
UNCHANGED: Final = "unchanged"
# What residents did that others learn of.
DONE: Final[dict[str, str]] = {Act.Kind.WITHDRAW: "closed", Act.Kind.REOPEN: "reopen"}
SAID: Final = {
    "open": "We have the report.",
    "investigating": "The team is looking into it.",
    "planned": "Work is planned.",
    "fixed": "The team says that it is fixed.",
    "closed": "The report is closed.",
    "not_councils_responsibility": "The council does not look after this.",
    UNCHANGED: "There is news of the report.",
    "reopen": "The report is open again.",
}
TEAM, RESIDENT = "u", "a"  # how the id of an update begins: whose it is


def listed(request: HttpRequest) -> Reply:
    """What became of public reports in a time, oldest first; raises Refused.

    The team's own words go only to the key whose app brought the report, for who reported it: a
    key that sent what somebody else had reported already does not read what was written to them.
    """
    query = request.GET
    span = queries.span_in(query, "start_date", "end_date", timezone.now())
    page = queries.page_in(query)
    key = key_of(request) if query.get("api_key") else None
    found = list(found_in(span, key)[page.rows])
    said = {TEAM: _of_teams, RESIDENT: _of_residents}
    rows = {
        whose: of([number for _, number, who in found if who == whose], key)
        for whose, of in said.items()
    }
    news = [_row(f"{whose}{pk}", at, *rows[whose][pk]) for at, pk, whose in found]
    return Reply("service_request_updates", Many("request_update", news))


def found_in(span: queries.Span, key: ApiKey | None) -> QuerySet[Any, tuple[datetime, int, str]]:
    """When, its number and whose it is, in order: found in an index of each table alone."""
    private = Report.objects.filter(is_private=True)
    hidden = (private.exclude(source=key) if key else private).values("pk")
    news = Update.objects.filter(received_at__range=(span.start, span.end))
    acts = Act.objects.filter(kind__in=list(DONE), created_at__range=(span.start, span.end))
    told, done = (
        rows.exclude(report__in=hidden)
        .annotate(at=F(time), whose=Value(whose, CharField()))
        .order_by(time, "pk")
        .values_list("at", "pk", "whose")
        for rows, time, whose in ((news, "received_at", TEAM), (acts, "created_at", RESIDENT))
    )
    # Not by whose it is as well: the two indexes are merged as they are, and nothing is sorted.
    return told.union(done, all=True).order_by("at", "pk")


def _of_teams(keys: list[int], key: ApiKey | None) -> dict[int, tuple[str, str, str]]:
    """By number, of what teams said: the report, the status, the words for this key."""
    nothing = Value("", TextField())
    words = Case(When(report__source=key, then="text"), default=nothing) if key else nothing
    rows = Update.objects.filter(is_any_of("pk", keys)).values_list(
        "pk", "report__reference", "status", words
    )
    return {pk: (of, WORDS.get(status, UNCHANGED), text) for pk, of, status, text in rows}


def _of_residents(keys: list[int], key: ApiKey | None) -> dict[int, tuple[str, str, str]]:
    """The same of what residents did: never their words."""
    rows = Act.objects.filter(is_any_of("pk", keys)).values_list("pk", "report__reference", "kind")
    return {pk: (of, DONE[kind], "") for pk, of, kind in rows}


def _row(update_id: str, at: datetime, reference: str, status: str, text: str) -> Row:
    return {
        "update_id": update_id,
        "service_request_id": reference,
        "status": status,
        "description": text or SAID[status],
        "updated_datetime": at,
        "media_url": None,
    }
