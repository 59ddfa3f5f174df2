"""The public list of reports: never who made them, nor what anybody wrote."""

from __future__ import annotations

import json
from datetime import datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Func, JSONField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, NullIf
from django.urls import reverse
from django.utils import timezone

from stockport.db import is_any_of
from stockport.outbox.models import Destination
from street_reports import workflow
from street_reports.models import Asset, ClosureReason, FaultType, Kind, Photo, Report
from street_reports.open311 import errors, queries
from street_reports.open311.errors import Refused
from street_reports.open311.wire import Many, Reply, Row, moment
from street_reports.rules import place_for_others
from street_reports.workflow import Status

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from street_reports.models.report_sets import ReportQuerySet


class Written(Func):
    """A time to the second in UTC, as wire.moment writes it.

    The database writes a thousand of them in a tenth of the time that it takes to read them here.
    """

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    output_field = CharField()


# One by one: joined to a thousand reports, all assets would be read.
ASSET_ID: Final = Subquery(Asset.objects.filter(pk=OuterRef("asset")).values("central_asset_id"))
# All that is read of a report. Its description is not among them: residents wrote it.
FIELDS: Final = (
    "pk", "reference", "fault_id", "status", "closure_reason_id", "destination_id",
    Written("created_at"), Written("changed_at"), "due_on", "asset_id", ASSET_ID,
    "location", "postcode", "latitude", "longitude",
    # Most have none. As text: for JSON a thousand rows would be gone through once more.
    Cast(NullIf("answers", Value([], JSONField())), TextField()),
)  # fmt: skip
NO_PHOTO: Final = UUID(int=0)
STATES: Final = {"open": workflow.OPEN, "closed": workflow.ENDED}
NEWEST, CHANGED = ("-created_at", "-pk"), ("changed_at", "pk")


def listed(request: HttpRequest) -> Reply:
    """The reports that the query asks for; raises Refused."""
    return _reply(asked_for(request.GET))


def one(request: HttpRequest, reference: str) -> Reply:
    """One report; raises Refused."""
    reply = _reply(Report.objects.public().filter(reference=reference))
    if isinstance(reply.body, Many) and not reply.body.items:
        raise Refused(errors.MISSING, f"There is no service_request_id {reference}.")
    return reply


def asked_for(query: Any) -> ReportQuerySet:
    """The page of the list; raises Refused."""
    if ids := queries.ids_in(query, "service_request_id"):
        named = Report.objects.public().filter(reference__in=ids)
        return named.order_by(*NEWEST)[queries.page_in(query).rows]
    found = found_in(query)
    return Report.objects.filter(is_any_of("pk", found.values("pk"))).order_by(
        *found.query.order_by
    )


def found_in(query: Any) -> ReportQuerySet:
    """The page as the database finds it, in one index alone; raises Refused."""
    found, order = _in_time(Report.objects.public(), query)
    if codes := queries.words(query, "service_code"):
        faults = FaultType.objects.filter(code__in=codes).values_list("pk", flat=True)
        found = found.filter(fault__in=list(faults))
    if asked := queries.statuses_in(query):
        found = found.filter(status__in=[state for word in asked for state in STATES[word]])
    return found.order_by(*order)[queries.page_in(query).rows]


def _in_time(reports: ReportQuerySet, query: Any) -> tuple[ReportQuerySet, tuple[str, ...]]:
    """Those made in a time, newest first; or those changed in a time, in the order of changes."""
    now = timezone.now()
    if not (query.get("updated_after") or query.get("updated_before")):
        made = queries.span_in(query, "start_date", "end_date", now)
        return reports.filter(created_at__range=(made.start, made.end)), NEWEST
    changed = queries.span_in(query, "updated_after", "updated_before", now)
    reports = reports.filter(changed_at__range=(changed.start, changed.end))
    if start := queries.moment_in(query, "start_date"):
        reports = reports.filter(created_at__gte=start)
    if end := queries.moment_in(query, "end_date"):
        reports = reports.filter(created_at__lt=end + queries.A_SECOND)
    return reports, CHANGED


def _reply(reports: ReportQuerySet) -> Reply:
    """Five statements, however many reports there are."""
    found = list(reports.values_list(*FIELDS))
    known = Known([row[0] for row in found])
    return Reply("service_requests", Many("request", [_row(known, *row) for row in found]))


class Known:
    """What is said beside the reports themselves: the same few words for all of them."""

    def __init__(self, keys: list[int]) -> None:
        faults = FaultType.objects.values_list("pk", "code", "kind", "name")
        self.faults = {
            pk: (code, f"{Kind(kind).noun.capitalize()}: {name}") for pk, code, kind, name in faults
        }
        self.reasons = dict(ClosureReason.objects.values_list("slug", "name"))
        self.teams = dict(Destination.objects.values_list("pk", "name"))
        photos = Photo.objects.public().filter(is_any_of("report", keys)).order_by("-position")
        # One address for all: to reverse a thousand would take as long as the list itself.
        where = f"{settings.SITE_URL}{reverse('open311:photo', args=[NO_PHOTO])}"
        self.photos = {
            report: where.replace(str(NO_PHOTO), str(public_id))
            for report, public_id in photos.values_list("report_id", "public_id")
        }


def _row(
    known: Known, pk: int, reference: str, fault: int, status: str, reason: str | None, team: int,
    made: str, changed: str, due: date | None, asset: int | None, asset_id: str | None,
    location: str, postcode: str, latitude: float | None, longitude: float | None,
    answers: str | None,
) -> Row:  # fmt: skip
    code, name = known.faults[fault]
    is_open = status in workflow.OPEN
    told = json.loads(answers) if answers else ()
    said = [f"{a['question']} {a['answer']}" for a in told if a["attribute"]]
    return {
        "service_request_id": reference,
        "status": "open" if is_open else "closed",
        "status_notes": known.reasons.get(reason or "") or LABELS[status],
        "service_name": name,
        "service_code": code,
        "description": "\n".join((f"{name}.", *said)),
        "agency_responsible": known.teams[team],
        "service_notice": None,
        "requested_datetime": made,
        "updated_datetime": changed,
        "expected_datetime": end_of(due) if is_open and due else None,
        "address": place_for_others(asset, location, postcode) if asset or postcode else None,
        "address_id": asset_id,
        "zipcode": postcode or None,
        "lat": latitude,
        "long": longitude,
        "media_url": known.photos.get(pk),
    }


LABELS: Final = {status.value: str(status.label) for status in Status}


@lru_cache(maxsize=1000)
def end_of(day: date) -> str:
    """The last second of a day in London: a thousand reports have few days between them."""
    return moment(timezone.make_aware(datetime.combine(day, time(23, 59, 59))))
