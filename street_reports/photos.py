"""What happens to photos: a form keeps them, a report takes them, and what nobody sent goes."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from stockport import images
from stockport.db import on_violation
from stockport.outbox.models import Delivery
from street_reports import rules
from street_reports.models import Photo
from street_reports.models.photos import private_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.core.files.base import File

    from accounts.models import Resident
    from street_reports.models import ApiKey, Report

UNSENT_KEPT = timedelta(days=1)  # longer than any session
A_DAY = timedelta(days=1)


class TooManyPhotos(Exception):
    """The form has as many photos as a report takes."""


class EnoughForToday(Exception):
    """The resident has added as many photos as anybody needs in a day."""


class Taken(Exception):
    """The form has a photo at this position already."""


class Known(Exception):
    """The form has this very photo already."""


def add_photo(*, resident: Resident, token: UUID, upload: File[bytes]) -> Photo:
    """A draft photo of a form, which is deleted unless a report takes it.

    The same file again gives the photo that is there. Raises TooManyPhotos, EnoughForToday, or
    images.NotAPhoto. Photos added at the same moment may exceed the number of a day by a few.
    """
    content = images.read(upload)
    digest = hashlib.sha256(content).hexdigest()
    there = Photo.objects.for_resident(resident).of_form(token)
    if known := there.filter(digest=digest).first():
        return known
    taken = set(there.values_list("position", flat=True))
    free = [position for position in rules.POSITIONS if position not in taken]
    if not free:
        raise TooManyPhotos
    if Photo.objects.for_resident(resident).since(timezone.now() - A_DAY) >= rules.PHOTOS_A_DAY:
        raise EnoughForToday
    image = images.clean(content)
    for position in free:
        with suppress(Taken):
            fields = {"form_token": token, "position": position, "digest": digest}
            try:
                return _store(image, resident=resident, **fields)
            except Known:
                return there.get(digest=digest)
    raise TooManyPhotos


def add_photos_of_app(*, source: ApiKey, token: UUID, uploads: Iterable[File[bytes]]) -> None:
    """Draft photos of a report that an app is about to make: all of them or, raising, none.

    The same file twice is one photo. Raises TooManyPhotos or images.NotAPhoto.
    """
    files = list(uploads)
    if len(files) > rules.MOST_PHOTOS:
        raise TooManyPhotos
    contents = [images.read(file) for file in files]
    cleaned = {hashlib.sha256(each).hexdigest(): images.clean(each) for each in contents}
    for position, (digest, image) in enumerate(cleaned.items(), 1):
        _store(image, source=source, form_token=token, position=position, digest=digest)


def discard_photos_of_app(*, source: ApiKey, token: UUID) -> None:
    """Delete those that no report took."""
    for photo in Photo.objects.filter(source=source).of_form(token).drafts():
        delete_photo(photo=photo)


def _store(image: images.Cleaned, **fields: Any) -> Photo:
    """The row, then its file: who is too late for a position leaves no file behind."""
    photo = Photo(width=image.width, height=image.height, size=image.file.size, **fields)
    photo.file.name = private_path(photo)
    with (
        on_violation("street_reports_photo_position_of_form", Taken()),
        on_violation("street_reports_photo_once_per_form", Known()),
    ):
        photo.save(force_insert=True)
        photo.file.storage.save(photo.file.name, image.file)
    return photo


@transaction.atomic
def remove_photo(*, resident: Resident, token: UUID, public_id: UUID) -> None:
    """Delete a draft photo of a form, if it is there and no report has taken it."""
    drafts = Photo.objects.for_resident(resident).of_form(token).drafts()
    photo = drafts.select_for_update().filter(public_id=public_id).first()
    if photo:
        delete_photo(photo=photo)


def attach_photos(report: Report) -> list[Delivery]:
    """Make the form's photos the report's; an unsaved delivery for each, sent after the report."""
    if report.taken_by or not (report.resident or report.source):  # who is not known adds none
        return []
    theirs = Photo.objects.filter(resident=report.resident, source=report.source)
    if not theirs.of_form(report.form_token).drafts().update(report=report):
        return []
    return [
        Delivery(
            destination=report.delivery.destination,
            kind="photo",
            payload={"storage": photo.file.name},
            reference=report.reference,
            resident=report.resident,
            depends_on=report.delivery,
        )
        for photo in report.photos.in_order()
    ]


def delete_unsent() -> int:
    """Delete the photos that no report took within a day, and that no draft has; how many."""
    old = Photo.objects.of_no_draft().filter(created_at__lt=timezone.now() - UNSENT_KEPT)
    photos = list(old.order_by("pk"))
    for photo in photos:
        delete_photo(photo=photo)
    return len(photos)


def delete_photo(*, photo: Photo) -> None:
    """Remove the row, and the file once that is certain."""
    storage, name = photo.file.storage, str(photo.file.name)
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)
