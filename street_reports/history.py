"""Everything that happened to a report, in order of time, for staff.

Whatever is added to what can happen to a report is one more function in SOURCES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse

from stockport.outbox.models import Attempt, Delivery
from stockport.templatetags.portal import day, moment
from street_reports.models import Report

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import Contact, Follower

THINGS = {"street_report": "Report", "photo": "Photo", "note": "Note", "email": "E-mail"}
NOBODY = "Somebody whose data was erased"
PORTAL = "The portal"
LONGEST_ANSWER = 200  # characters; the page of the delivery has all that is kept


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, what, by whom, in which words, and a page that says more."""

    when: datetime
    what: str
    who: str
    detail: str = ""
    url: str = ""


def history(report: Report) -> list[Event]:
    """What happened, oldest first: one query for each source, however much it was."""
    events = chain.from_iterable(source(report) for source in SOURCES)
    return sorted(events, key=lambda event: event.when)


def _made(report: Report) -> Iterable[Event]:
    """Who made it, and who follows it without an account: one query has both."""
    contacts = report.contacts.select_related("merged_from")
    target = f"Target: {day(report.due_on)}." if report.due_on else "No target."
    taken = f"Taken down by {_staff_name(report.taken_by)}." if report.taken_by else ""
    maker = "A caller" if report.taken_by and not report.resident else _name(report.resident)
    if report.source and not report.resident:
        maker = f"Somebody, over {report.source.owner}"
    for contact in contacts:
        if contact.is_reporter:
            maker = (
                f"{contact.email}, over {report.source.owner}" if report.source else contact.email
            )
        else:
            yield _began(contact, contact.email)
    yield Event(report.created_at, "Report made", maker, f"{target} {taken}".strip())


def _tries(report: Report) -> Iterable[Event]:
    """Each try to deliver the report, its photos and notes, and the e-mails about it."""
    tries = Attempt.objects.filter(delivery__reference=report.reference)
    return map(_try, tries.select_related("delivery__destination"))


def _try(attempt: Attempt) -> Event:
    delivery = attempt.delivery
    thing = THINGS.get(delivery.kind, delivery.kind)
    outcome = attempt.get_outcome_display() if attempt.outcome else "under way"
    return Event(
        attempt.started_at,
        f"{thing} to {_receiver(delivery)}, try {attempt.number}: {outcome}",
        PORTAL,
        " ".join(str(part) for part in (attempt.status_code or "", _start(attempt.answer)) if part),
        reverse("admin:outbox_delivery_change", args=[delivery.pk]),
    )


def _receiver(delivery: Delivery) -> str:
    """The team, or whose mailbox it is."""
    if delivery.kind == "email":
        return ", ".join(delivery.payload.get("to", ()))
    return delivery.destination.name


def _start(answer: str) -> str:
    return answer if len(answer) <= LONGEST_ANSWER else f"{answer[:LONGEST_ANSWER]}…"


def _updates(report: Report) -> Iterable[Event]:
    """What the team said, as it arrived; its system may date it otherwise."""
    for update in report.updates.select_related("staff"):
        status = update.get_status_display() if update.status else "no new status"
        dated = "" if update.staff else f"Dated {moment(update.updated_at)}."
        who = _staff_name(update.staff) if update.staff else report.destination.name
        detail = f"{update.text} {dated}".strip()
        yield Event(update.received_at, f"Update: {status}", who, detail)


def _acts(report: Report) -> Iterable[Event]:
    for act in report.acts.select_related("resident"):
        yield Event(act.created_at, act.title, _name(act.resident), act.text)


def _followers(report: Report) -> Iterable[Event]:
    for follower in report.followers.select_related("resident", "merged_from"):
        yield _began(follower, _name(follower.resident))


def _began(follower: Follower | Contact, who: str) -> Event:
    merged = follower.merged_from
    detail = f"Made or followed {merged.reference}." if merged else follower.information
    return Event(follower.created_at, "Began to follow it", who, detail)


def _staff(report: Report) -> Iterable[Event]:
    """What staff did to the report and to the deliveries about it."""
    kinds = ContentType.objects.get_for_models(Report, Delivery)
    deliveries = Delivery.objects.filter(reference=report.reference)
    # As values: with a subquery the database would read all that staff ever did.
    keys = [str(key) for key in deliveries.values_list("pk", flat=True)]
    done = LogEntry.objects.filter(
        Q(content_type=kinds[Report], object_id=str(report.pk))
        | Q(content_type=kinds[Delivery], object_id__in=keys)
    )
    for entry in done.select_related("user"):
        is_report = entry.content_type_id == kinds[Report].pk
        what = "Report" if is_report else f"Delivery: {entry.object_repr}"
        who = _staff_name(entry.user)
        yield Event(entry.action_time, what, who, entry.get_change_message())


def _staff_name(staff: Resident) -> str:
    return f"{staff}, staff"


def _name(resident: Resident | None) -> str:
    return str(resident) if resident else NOBODY


SOURCES: tuple[Callable[[Report], Iterable[Event]], ...] = (
    _made,
    _tries,
    _updates,
    _acts,
    _followers,
    _staff,
)
