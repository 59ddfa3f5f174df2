"""A resident's street reports as data about a person: a copy of it, and its erasure.

A fault stays a fault when its reporter leaves: erasure keeps where and what, which is no personal
data, and removes who, the description, the answers and the photos (UK GDPR, articles 15, 17, 20).
What was reported without an account belongs to whoever has proved that the address is theirs.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, F, JSONField, Q, Value, When
from django.utils import timezone

from accounts.addresses import verified_addresses
from stockport.outbox.models import Delivery
from stockport.outbox.staff import cancel
from stockport.outbox.workflow import IllegalMove
from stockport.services import Erasure
from street_reports.actions import case
from street_reports.begun import answers
from street_reports.confirming import delete_unconfirmed
from street_reports.contacts import forget_contacts
from street_reports.models import (
    Act,
    Contact,
    Draft,
    Export,
    Follower,
    Photo,
    Report,
    Unconfirmed,
    Update,
)
from street_reports.photos import delete_photo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accounts.models import Resident
    from stockport.outbox.models.deliveries import DeliveryQuerySet

REPORT = (
    *("reference", "kind", "what", "location", "postcode", "latitude", "longitude"),
    *("description", "answers", "wants_updates", "status", "created_at", "due_on"),
)
PHOTO = ("public_id", "report__reference", "position", "width", "height", "size", "created_at")

BY_EMAIL = (
    *("report__reference", "email", "is_reporter", "description", "answers", "location"),
    *("information", "wants_updates", "created_at"),
)
UNCONFIRMED = (
    *("email", "what", "location", "description", "answers", "wants_updates", "created_at"),
)
FOLLOWED = ("report__reference", "information", "wants_updates", "created_at")


def export(resident: Resident) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """What the resident reported and follows, what was said about them, and the list of photos."""
    mine = Report.objects.for_resident(resident).order_by("created_at", "pk")
    yield "reports", list(mine.annotate(what=F("fault__name")).values(*REPORT))
    updates = Update.objects.filter(report__in=mine).order_by("updated_at", "pk")
    yield (
        "updates",
        list(updates.values("report__reference", "status", "text", "updated_at")),
    )
    drafts = Draft.objects.for_resident(resident).unfinished()
    yield "drafts", [{"changed_at": d.changed_at, "answers": answers(d)} for d in drafts]
    photos = Photo.objects.for_resident(resident).order_by("created_at", "pk")
    done = Act.objects.for_resident(resident).order_by("created_at", "pk")
    yield "acts", list(done.values("report__reference", "kind", "text", "created_at"))
    followed = Follower.objects.for_resident(resident).order_by("created_at", "pk")
    yield "followed_reports", list(followed.values(*FOLLOWED))
    yield (
        "photos",
        list(photos.values(*PHOTO)),
    )
    taken = Export.objects.for_resident(resident).order_by("created_at", "pk")
    yield "csv_exports", list(taken.values("created_at", "filters", "has_personal_data", "rows"))
    yield from _without_account(verified_addresses(resident))


def _without_account(emails: list[str]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """What these addresses reported or follow; the reporter's words only to the reporter."""
    contacts = Contact.objects.filter(email__in=emails).order_by("created_at", "pk")
    own = Q(is_reporter=True)
    contacts = contacts.annotate(
        description=Case(When(own, then="report__description"), default=Value("")),
        location=Case(When(own, then="report__location"), default=Value("")),
        answers=Case(When(own, then="report__answers"), default=Value([], JSONField())),
    )
    yield "reports_without_account", list(contacts.values(*BY_EMAIL))
    reported = contacts.filter(own).values("report")
    photos = Photo.objects.from_apps().filter(report__in=reported).order_by("created_at", "pk")
    yield "photos_without_account", list(photos.values(*PHOTO))
    waiting = Unconfirmed.objects.filter(email__in=emails).order_by("created_at", "pk")
    waiting = waiting.annotate(what=F("fault__name"))
    yield "unconfirmed_reports", list(waiting.values(*UNCONFIRMED))


@transaction.atomic
def erase(resident: Resident) -> Erasure:
    """Remove the person from their reports; delete their photos, drafts and all they follow."""
    drafts, _ = Draft.objects.for_resident(resident).delete()
    photos = list(Photo.objects.for_resident(resident))
    for photo in photos:
        delete_photo(photo=photo)
    Act.objects.for_resident(resident).update(resident=None, text="")
    # What they added to a report, theirs or another's, wherever it has gone since.
    for added in Delivery.objects.for_resident(resident).exclude(depends_on=None):
        _forget(added)
    followed, _ = Follower.objects.for_resident(resident).delete()
    mine = Report.objects.for_resident(resident).in_full().order_by("pk")
    reports = list(mine.select_for_update(of=("self",)))
    for report in reports:
        _anonymise(report)
    known = _erase_addresses(verified_addresses(resident))
    gone = drafts + len(photos) + followed + known
    return Erasure(deleted=gone, anonymised=len(reports))


def _erase_addresses(emails: list[str]) -> int:
    """What was reported, or is to be, without an account; how many times these addresses were."""
    waiting = list(Unconfirmed.objects.filter(email__in=emails).select_related("delivery"))
    for unconfirmed in waiting:
        delete_unconfirmed(unconfirmed)
    contacts = list(Contact.objects.filter(email__in=emails).select_related("report__merged_into"))
    for contact in contacts:
        for note in _notes_of(contact):
            _forget(note)
        if contact.is_reporter:
            _anonymise(contact.report)
            _forget_photos_of_app(contact.report)
    forget_contacts(contacts=contacts)
    return len(waiting) + len(contacts)


def _notes_of(contact: Contact) -> DeliveryQuerySet:
    """What carries their words after the report, also to the one that it was merged into."""
    reports = filter(None, (contact.report, contact.report.merged_into))
    notes = Delivery.objects.filter(
        kind="note", resident=None, reference__in=[report.reference for report in reports]
    )
    theirs = Q(pk=contact.delivery_id)
    if contact.information:
        theirs |= Q(payload__description__endswith=contact.information)
    if contact.is_reporter:
        theirs |= Q(payload__description__contains=f"reported this as {contact.report.reference}")
        if app := contact.report.source:  # what they added through it (open311/updates.py)
            theirs |= Q(payload__description__startswith=f"From {app.owner} (")
    return notes.filter(theirs)


def _anonymise(report: Report) -> None:
    report.resident = None
    report.description = ""
    report.answers = []
    report.changed_at = timezone.now()
    report.wants_updates = False
    report.form_token = uuid4()  # the form was theirs too
    fields = ["resident", "description", "answers", "wants_updates", "form_token", "changed_at"]
    report.save(update_fields=fields)
    Delivery.objects.filter(pk=report.delivery_id).update(resident=None, payload=case(report))


def _forget_photos_of_app(report: Report) -> None:
    """What came with the report that somebody's app brought for them."""
    for photo in report.photos.from_apps():
        delete_photo(photo=photo)
    for sent in Delivery.objects.filter(kind="photo", depends_on=report.delivery_id):
        _forget(sent)


def _forget(delivery: Delivery) -> None:
    """What was not sent never will be: the file of a photo is gone, and so are the words."""
    with suppress(IllegalMove):  # sent, being sent or cancelled already
        cancel(delivery=delivery, reason="The resident had their data erased.")
    kept = {} if delivery.kind == "note" else delivery.payload
    Delivery.objects.filter(pk=delivery.pk).update(resident=None, payload=kept)
