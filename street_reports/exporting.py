"""Reports as CSV: a stream of constant size in memory, which no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from stockport.outbox.workflow import State
from street_reports.models import Contact, Export, Report

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Resident
    from street_reports.models.answers import Answer

    Value: TypeAlias = str | float | date | None

BOM: Final = "\ufeff"  # without it, Excel reads UTF-8 as another code
BATCH: Final = 500  # reports in memory
# What makes a spreadsheet take words for a formula (OWASP, page “CSV Injection”).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

COLUMNS: tuple[tuple[str, Callable[[Any], Value]], ...] = (
    ("reference", lambda report: report.reference),
    ("kind", lambda report: report.get_kind_display()),
    ("fault_code", lambda report: report.fault.code),
    ("fault", lambda report: report.fault.name),
    ("chosen_answers", lambda report: _answers(a for a in report.answers if a["attribute"])),
    ("place", lambda report: report.place_for_others),
    ("postcode", lambda report: report.postcode),
    ("latitude", lambda report: report.latitude),
    ("longitude", lambda report: report.longitude),
    ("usrn", lambda report: report.asset and report.asset.site_code),
    ("asset_id", lambda report: report.asset and report.asset.central_asset_id),
    ("plate_number", lambda report: report.asset and report.asset.feature_id),
    ("team", lambda report: report.destination.name),
    ("status", lambda report: report.get_status_display()),
    ("made_at", lambda report: report.created_at),
    ("target", lambda report: report.due_on),
    ("days_late", lambda report: report.days_late),
    ("followers", lambda report: report.others),
    ("sending", lambda report: State(report.sending).label),
    ("their_reference", lambda report: report.their_reference),
)
# What residents wrote, and who they are: only with a permission of its own.
PERSONAL: tuple[tuple[str, Callable[[Any], Value]], ...] = (
    ("place_in_words", lambda report: report.location),
    ("answers", lambda report: _answers(report.answers)),
    ("description", lambda report: report.description),
    ("reporter", lambda report: report.resident.email if report.resident else report.by_email),
)


def _answers(answers: Iterable[Answer]) -> str:
    """Questions with their answers. One with an attribute was chosen; others may be typed."""
    return "; ".join(f"{each['question']} {each['answer']}" for each in answers)


def begin_export(*, by: Resident, filters: str, personal: bool) -> Export:
    """Put on record that somebody takes out what these filters show."""
    return Export.objects.create(by=by, filters=filters, has_personal_data=personal)


def lines(*, export: Export, reports: QuerySet[Report]) -> Iterator[str]:
    """The file, some hundred lines at a time; how many rows left is put on record at its end.

    That is also where whoever asked goes away in the middle of it. Each report needs `others`, the
    number of its followers.
    """
    columns = (*COLUMNS, *(PERSONAL if export.has_personal_data else ()))
    source = _in_full(reports).iterator(chunk_size=BATCH)
    left = 0
    try:
        yield BOM + _written([[heading for heading, _ in columns]])
        while batch := list(islice(source, BATCH)):
            yield _written([[cell(value(report)) for _, value in columns] for report in batch])
            left += len(batch)
    finally:
        Export.objects.filter(pk=export.pk).update(rows=left)


def _in_full(reports: QuerySet[Report]) -> QuerySet[Report]:
    """With all that a row says.

    A report and its delivery as rows would know each other, and be freed long after their batch.
    """
    related = reports.select_related("fault", "asset", "destination", "resident")
    without_account = Contact.objects.filter(report=OuterRef("pk"), is_reporter=True)
    return related.prefetch_related(None).annotate(
        by_email=Subquery(without_account.values("email")),
        sending=F("delivery__state"),
        their_reference=F("delivery__remote_reference"),
    )


def _written(rows: list[list[str]]) -> str:
    """Lines of CSV (RFC 4180)."""
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def cell(value: Value) -> str:
    """A value as it is written: dates as ISO 8601, London time; words never begin a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return str(value)
