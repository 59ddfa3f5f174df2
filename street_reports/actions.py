"""What happens to a report: submit it, hear of its progress, forget who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.outbox.actions import destinations, email_payload, enqueue_all
from stockport.outbox.models import Delivery
from stockport.references import new_reference
from street_reports import messages, rules
from street_reports.drafts import end_draft
from street_reports.following import OwnReport, add_to_report
from street_reports.models import Contact, Report
from street_reports.photos import attach_photos
from street_reports.record import put_on_record
from street_reports.reporters import Reporter

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import ApiKey, Asset, FaultType
    from street_reports.models.answers import Answer


class AlreadyReported(Exception):
    """This fault of this asset has an open report, and it is not another's to follow."""


@dataclass(frozen=True)
class Place:
    """Where a fault is: an asset, or words (with a postcode and point where they are known)."""

    words: str
    postcode: str = ""
    point: rules.Point | None = None
    asset: Asset | None = None

    @classmethod
    def of(cls, asset: Asset) -> Place:
        """The place of an asset."""
        return cls(f"{asset.name}, {asset.address}", asset.postcode, asset.point, asset)

    @property
    def fields(self) -> dict[str, Any]:
        """The place as fields of a Report."""
        return {
            "asset": self.asset,
            "location": self.words,
            "postcode": self.postcode,
            "latitude": self.point.latitude if self.point else None,
            "longitude": self.point.longitude if self.point else None,
        }


def submit_report(
    *,
    resident: Resident | None = None,
    email: str = "",
    taken_by: Resident | None = None,
    source: ApiKey | None = None,
    token: UUID,
    fault: FaultType,
    place: Place,
    description: str = "",
    answers: Sequence[Answer] = (),
    wants_updates: bool = False,
) -> Report:
    """The report of a form, with its photos and deliveries; the same form again gives the same.

    It is a resident's, or that of a confirmed address, or taken by staff, or came from somebody's
    app (reporters.Reporter).
    Where somebody else has an open report of this fault of this asset, that one is given: the
    reporter follows it now, and what they wrote is added to it. Raises AlreadyReported where it
    is their own, or was closed this very moment: the pages say what is true now.
    """
    reporter = Reporter(resident, email, taken_by, source)
    report = Report(
        **(_of(fault) | place.fields | reporter.fields),
        description=description,
        answers=list(answers),
        wants_updates=wants_updates and resident is not None,
        form_token=token,
    )
    try:
        with transaction.atomic():
            _write(report, reporter, wants_updates)
    except IntegrityError as error:
        if violated_constraint(error) not in ONCE:
            raise
        return _sent(report, reporter) or _follow_instead(report, reporter, wants_updates)
    return report


def _of(fault: FaultType) -> dict[str, Any]:
    """What the fault says about a report of today."""
    return {
        "reference": new_reference(rules.TEAMS[fault.kind].prefix),
        "kind": fault.kind,
        "fault": fault,
        "due_on": fault.due_from(timezone.localdate()),
    }


LONGEST = 1000  # characters that a follower adds; their own words come first
ONCE = ("street_reports_one_open_report", "street_reports_report_form_sent_once")


def _sent(report: Report, reporter: Reporter) -> Report | None:
    """What the same form sent before."""
    made = Report.objects.in_full().filter(reporter.made)
    return made.filter(form_token=report.form_token).first()


def _follow_instead(report: Report, reporter: Reporter, wants_updates: bool) -> Report:
    """The report that was there first; the reporter of this one, which is not saved, follows it."""
    first = Report.objects.open().in_full().filter(asset=report.asset, fault=report.fault).first()
    if first is None:
        raise AlreadyReported
    try:
        add_to_report(
            reporter=reporter,
            report=first,
            information="\n".join([report.description, *_lines(report)]).strip()[:LONGEST],
            wants_updates=wants_updates,
            form=report.form_token,
        )
    except OwnReport:
        raise AlreadyReported from None
    return first


def _write(report: Report, reporter: Reporter, wants_updates: bool) -> None:
    """The report, and in one statement everything that leaves the portal because of it."""
    team, post = destinations(rules.TEAMS[report.kind].destination, "email")
    about = {"reference": report.reference, "resident": report.resident}
    report.destination = team
    report.delivery = Delivery(
        destination=team, kind="street_report", payload=case(report), **about
    )
    if report.fault.is_urgent and settings.DUTY_EMAILS:
        report.duty_email = Delivery(destination=post, kind="email", reference=report.reference)
    # Before its deliveries, whose keys the database checks at the end: it finds out here whether
    # the fault is reported already, and the e-mails need its address.
    report.save(force_insert=True)
    contact = _connect(report, reporter, wants_updates)
    leaving = [report.delivery, *attach_photos(report)]
    if reporter.address:
        subject = f"We have your report {report.reference}"
        payload = email_payload(reporter.address, subject, messages.received(report, contact))
        leaving.append(Delivery(destination=post, kind="email", payload=payload, **about))
    if report.duty_email:
        report.duty_email.payload = _for_duty_officers(report)
        leaving.append(report.duty_email)
    enqueue_all(leaving)


def _connect(report: Report, reporter: Reporter, wants_updates: bool) -> Contact | None:
    """What is known of who made it, beside the report itself."""
    if reporter.taken_by:
        put_on_record(report, reporter.taken_by, "Taken down from a caller.")
    elif reporter.resident:
        end_draft(resident=reporter.resident, key=report.form_token, report=report)
    if reporter.resident or not reporter.email:
        return None
    contact = Contact(report=report, email=reporter.email, is_reporter=True)
    contact.wants_updates = wants_updates
    contact.save(force_insert=True)
    return contact


def _for_duty_officers(report: Report) -> dict[str, Any]:
    """An e-mail, which leaves whatever the team's own system does. It says nothing of who asked."""
    return email_payload(
        settings.DUTY_EMAILS,
        f"Urgent street report {report.reference}: {report.fault.name}",
        messages.urgent(report),
    )


def case(report: Report) -> dict[str, Any]:
    """The report as an Open311 request. It says nothing of who made it."""
    return {
        "service_code": report.fault.code,
        "lat": report.latitude,
        "long": report.longitude,
        "address_string": report.location,
        "description": _told(report),
        "attributes": _chosen(report) | (_attributes(report.asset) if report.asset else {}),
    }


def _told(report: Report) -> str:
    """What is wrong, what was asked and answered line by line, and the resident's own words."""
    whole = [f"{report.fault.name}.", *_lines(report), report.description]
    return ("\n" if report.answers else " ").join(whole).strip()


def _lines(report: Report) -> list[str]:
    return [f"{each['question']} {each['answer']}" for each in report.answers]


def _chosen(report: Report) -> dict[str, str]:
    """The answers that the back office has a name for."""
    return {each["attribute"]: each["answer"] for each in report.answers if each["attribute"]}


def _attributes(asset: Asset) -> dict[str, str]:
    """How the back office knows the asset: the names of its own register."""
    return {
        "central_asset_id": asset.central_asset_id,
        "site_code": asset.site_code,
        "feature_id": asset.feature_id,
        "easting": str(asset.easting),
        "northing": str(asset.northing),
    }
