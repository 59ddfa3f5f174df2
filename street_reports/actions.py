"""What happens to a report: submit it, hear of its progress, forget who made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.outbox.actions import enqueue, send_email
from street_reports import messages, rules
from street_reports.models import Photo, Report

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.models import Delivery
    from street_reports.images import Cleaned
    from street_reports.models import Asset, FaultType

DRAFTS_KEPT = timedelta(days=1)  # longer than any session


class AlreadyReported(Exception):
    """Somebody has an open report of this fault of this asset."""


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
        point = rules.Point(asset.latitude, asset.longitude)
        return cls(f"{asset.name}, {asset.address}", asset.postcode, point, asset)

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
    resident: Resident,
    token: UUID,
    fault: FaultType,
    place: Place,
    description: str = "",
    wants_updates: bool = False,
    photo: Photo | None = None,
) -> Report:
    """The report of a form, with its deliveries; the same form again gives the same report.

    Raises AlreadyReported where the fault of this asset has an open report.
    """
    report = Report(
        reference=rules.new_reference(rules.TEAMS[fault.kind].prefix),
        resident=resident,
        kind=fault.kind,
        fault=fault,
        **place.fields,
        description=description,
        wants_updates=wants_updates,
        form_token=token,
    )
    try:
        with transaction.atomic():
            _write(report, resident, photo)
    except IntegrityError as error:
        if violated_constraint(error) not in ONCE:
            raise
        if sent := Report.objects.for_resident(resident).filter(form_token=token).first():
            return sent
        raise AlreadyReported from error
    return report


ONCE = ("street_reports_one_open_report", "street_reports_report_form_sent_once")


def _write(report: Report, resident: Resident, photo: Photo | None) -> None:
    """The report and everything that leaves the portal because of it."""
    report.delivery = enqueue(
        destination=rules.TEAMS[report.kind].destination,
        kind="street_report",
        payload=case(report),
        reference=report.reference,
        resident=resident,
    )
    report.save(force_insert=True)
    if photo:
        _attach(photo, report)
    send_email(
        to=resident.email,
        subject=f"We have your report {report.reference}",
        body=messages.received(report),
        resident=resident,
        reference=report.reference,
    )
    if report.fault.is_urgent and settings.DUTY_EMAILS:
        _tell_duty_officers(report)


def _tell_duty_officers(report: Report) -> None:
    """By e-mail, which leaves whatever the team's own system does. It says nothing of who asked."""
    report.duty_email = send_email(
        to=settings.DUTY_EMAILS,
        subject=f"Urgent street report {report.reference}: {report.fault.name}",
        body=messages.urgent(report),
        reference=report.reference,
    )
    report.save(update_fields=["duty_email"])


def case(report: Report) -> dict[str, Any]:
    """The report as an Open311 request. It says nothing of who made it."""
    return {
        "service_code": report.fault.code,
        "lat": report.latitude,
        "long": report.longitude,
        "address_string": report.location,
        "description": f"{report.fault.name}. {report.description}".strip(),
        "attributes": _attributes(report.asset) if report.asset else {},
    }


def _attributes(asset: Asset) -> dict[str, str]:
    """How the back office knows the asset: the names of its own register."""
    return {
        "central_asset_id": asset.central_asset_id,
        "site_code": asset.site_code,
        "feature_id": asset.feature_id,
        "easting": str(asset.easting),
        "northing": str(asset.northing),
    }


def _attach(photo: Photo, report: Report) -> Delivery:
    """Make the draft photo the report's, and send it after the report."""
    photo.report = report
    photo.save(update_fields=["report"])
    return enqueue(
        destination=rules.TEAMS[report.kind].destination,
        kind="photo",
        payload={"storage": photo.file.name},
        reference=report.reference,
        resident=report.resident,
        depends_on=report.delivery,
    )


def keep_photo(*, resident: Resident, image: Cleaned) -> Photo:
    """A draft photo in private storage, which is deleted unless a report takes it."""
    photo = Photo(resident=resident, width=image.width, height=image.height)
    photo.file.save("photo.jpg", image.file, save=False)
    photo.save()
    return photo


def delete_old_drafts() -> int:
    """Delete the photos that no report took within a day; how many."""
    old = Photo.objects.drafts().filter(created_at__lt=timezone.now() - DRAFTS_KEPT)
    photos = list(old.order_by("pk"))
    for photo in photos:
        delete_photo(photo=photo)
    return len(photos)


def delete_photo(*, photo: Photo) -> None:
    """Remove the row, and the file once that is certain."""
    storage, name = photo.file.storage, str(photo.file.name)
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)
