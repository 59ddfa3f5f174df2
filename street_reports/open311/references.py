"""What an app calls its report: the same name of the same kind, sent again, is the same report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from street_reports.models import Submission
from street_reports.models.submissions import LONGEST_REFERENCE
from street_reports.open311 import catalogue, errors
from street_reports.open311.errors import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from street_reports.models import ApiKey, Report

UNKNOWN = ""  # the kind of what was sent before kinds were kept: any of them


class Reference(NamedTuple):
    """One name of a report, and what kind of name it is."""

    kind: str
    value: str


NONE = Reference(UNKNOWN, "")


def sent_in(request: HttpRequest) -> list[Reference]:
    """All that the app calls its report, if anything; raises Refused."""
    sent = {Submission.Kind.IDEMPOTENCY_KEY.value: request.headers.get("Idempotency-Key", "")}
    sent |= {name: request.POST.get(f"attribute[{name}]", "") for name in catalogue.REFERENCES}
    # In one order for everybody: two calls at once never wait for each other's second name.
    names = sorted(Reference(kind, text.strip()) for kind, text in sent.items() if text.strip())
    if any(len(name.value) > LONGEST_REFERENCE for name in names):
        raise Refused(errors.BAD, f"A reference has at most {LONGEST_REFERENCE} characters.")
    return names


def of_any_kind(value: str) -> list[Reference]:
    """The same words as each kind of name."""
    return [Reference(kind, value) for kind in Submission.Kind.values]


def known(key: ApiKey, names: list[Reference]) -> QuerySet[Submission]:
    """What the app sent under any of these names before, the first of all first."""
    same = Q(pk__in=())  # without a name, nothing
    for name in names:
        same |= Q(kind__in=(name.kind, UNKNOWN), reference=name.value)
    found = key.submissions.filter(same).exclude(reference="")
    return found.select_related("report__destination").order_by("pk")


def keep(key: ApiKey, report: Report, names: list[Reference]) -> None:
    """Write down all the names of a new report; the database refuses one that the key has used."""
    Submission.objects.bulk_create(_rows(key, report, names or [NONE]))


def add(key: ApiKey, report: Report, names: list[Reference]) -> None:
    """Write down those that are new, so that a call with one of them alone finds the report too."""
    Submission.objects.bulk_create(_rows(key, report, names), ignore_conflicts=True)


def _rows(key: ApiKey, report: Report, names: list[Reference]) -> list[Submission]:
    return [
        Submission(key=key, report=report, kind=name.kind, reference=name.value) for name in names
    ]
