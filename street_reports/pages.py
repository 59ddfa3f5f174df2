"""What the pages about reports show, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Max
from django.urls import reverse

from stockport.components import SummaryRow
from stockport.templatetags.portal import day, moment
from street_reports.forms.act import TITLES
from street_reports.models import Act, Follower
from street_reports.timeline import Entry, Headline, headline, timeline

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import Contact, Report, Unconfirmed


STAYS_OPEN = "Others follow this report, so it stays open for them: you cannot withdraw it."


def listed(reports: Iterable[Report]) -> list[tuple[Report, Headline]]:
    """Each report with how far it is."""
    return [(report, head(report)) for report in reports]


def head(report: Report) -> Headline:
    """How far it is, as a tag."""
    is_merged = report.merged_into_id is not None
    return headline(report.status, report.delivery.state, is_merged=is_merged)


def summary(report: Report, resident: Resident) -> list[SummaryRow]:
    """What was reported; who only follows it reads their own words, and none of the reporter's."""
    if report.resident_id != resident.pk:
        mine = Follower.objects.for_resident(resident).select_related("merged_from")
        return _followed(report, mine.get(report=report))
    return [
        SummaryRow("What is wrong", report.fault.name),
        SummaryRow("Where", report.location),
        SummaryRow("Reported", moment(report.created_at)),
        *(SummaryRow(each["question"], each["answer"]) for each in report.answers),
        SummaryRow("Description", report.description or "Not given"),
        SummaryRow("E-mails about what happens", "Yes" if report.wants_updates else "No"),
    ]


def expected(report: Report) -> str:
    """By when it is dealt with, in plain words; nothing once it has ended."""
    if not report.is_open:
        return ""
    if report.due_on is None:
        return "We cannot say how long it takes."
    if report.is_overdue:
        return f"We aimed to deal with it by {day(report.due_on)}. It is late. We are sorry."
    return f"We aim to deal with it by {day(report.due_on)}."


def _followed(report: Report, mine: Follower) -> list[SummaryRow]:
    before = mine.merged_from
    return [
        *([SummaryRow("Also reported as", before.reference)] if before else []),
        SummaryRow("What is wrong", report.fault.name),
        SummaryRow("Where", report.place_for_others),
        SummaryRow("First reported", moment(report.created_at)),
        SummaryRow("What you added", mine.information or "Nothing"),
        SummaryRow("E-mails about what happens", "Yes" if mine.wants_updates else "No"),
    ]


def acts(report: Report, may: list[Act.Kind]) -> list[tuple[str, str]]:
    """What its reporter may do while it is open: the words and address of each link.

    No address stands beside why something cannot be done.
    """
    if not (report.is_open and may):
        return []
    urls = {kind: reverse("street_reports:act", args=[report.public_id, kind]) for kind in may}
    links = [(TITLES[kind], url) for kind, url in urls.items()]
    return links if Act.Kind.WITHDRAW in may else [*links, (STAYS_OPEN, "")]


def summary_by_link(contact: Contact) -> list[SummaryRow]:
    """The same for somebody without an account."""
    report, is_own = contact.report, contact.is_reporter
    rows = [
        SummaryRow("What is wrong", report.fault.name),
        SummaryRow("Where", report.location if is_own else report.place_for_others),
        SummaryRow("Reported" if is_own else "First reported", moment(report.created_at)),
    ]
    if is_own:
        rows += [SummaryRow(each["question"], each["answer"]) for each in report.answers]
        rows.append(SummaryRow("Description", report.description or "Not given"))
    if contact.information or not is_own:
        rows.append(SummaryRow("What you added", contact.information or "Nothing"))
    return [
        *rows,
        SummaryRow("E-mails about what happens", "Yes" if contact.wants_updates else "No"),
    ]


def unconfirmed(what: Unconfirmed) -> list[SummaryRow]:
    """What somebody without an account is about to report, or to add to a report."""
    where = what.follows.place_for_others if what.follows else what.location
    words = "What you add" if what.follows else "Description"
    return [
        SummaryRow("What is wrong", what.fault.name),
        SummaryRow("Where", where),
        *(SummaryRow(each["question"], each["answer"]) for each in what.answers),
        SummaryRow(words, what.description or "Not given"),
        SummaryRow("E-mails about what happens", "Yes" if what.wants_updates else "No"),
    ]


def history(report: Report, resident: Resident | None) -> list[Entry]:
    """The timeline, in which nobody reads what another resident wrote.

    Three queries: the tries to send it, the updates, and what residents did.
    """
    tried = report.delivery.attempts.aggregate(latest=Max("started_at"))["latest"]
    me = resident.pk if resident else 0
    done = [
        Entry(act.created_at, act.title, act.text if act.resident_id == me else "")
        for act in report.acts.all()
        if _concerns(act, me)
    ]
    return timeline(
        done=done,
        created_at=report.created_at,
        sending=report.delivery,
        tried_at=tried,
        news=report.updates.all(),
        team=report.team,
        duty_told_at=report.duty_email.sent_at if report.duty_email else None,
        part_of=report.merged_into.reference if report.merged_into else "",
    )


def _concerns(act: Act, me: int) -> bool:
    """Whether it is on this resident's timeline: that others agree with the team is not."""
    agrees = act.by_follower and act.kind == Act.Kind.CONFIRM
    return act.resident_id == me or not agrees
