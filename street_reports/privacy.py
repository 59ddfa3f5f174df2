"""A resident's street reports as data about a person: a copy of it, and its erasure.

A fault stays a fault when its reporter leaves: erasure keeps where and what, which is no personal
data, and removes who, the description, the answers and the photos (UK GDPR, articles 15, 17, 20).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from stockport.outbox.models import Delivery
from stockport.outbox.staff import cancel
from stockport.outbox.workflow import IllegalMove
from stockport.services import Erasure
from street_reports.actions import case
from street_reports.begun import answers
from street_reports.models import Act, Draft, Export, Follower, Photo, Report, Update
from street_reports.photos import delete_photo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accounts.models import Resident

REPORT = (
    *("reference", "kind", "what", "location", "postcode", "latitude", "longitude"),
    *("description", "answers", "wants_updates", "status", "created_at", "due_on"),
)
PHOTO = ("public_id", "report__reference", "position", "width", "height", "size", "created_at")

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
    gone = drafts + len(photos) + followed
    return Erasure(deleted=gone, anonymised=len(reports))


def _anonymise(report: Report) -> None:
    report.resident = None
    report.description = ""
    report.answers = []
    report.wants_updates = False
    report.save(update_fields=["resident", "description", "answers", "wants_updates"])
    Delivery.objects.filter(pk=report.delivery_id).update(resident=None, payload=case(report))


def _forget(delivery: Delivery) -> None:
    """What was not sent never will be: the file of a photo is gone, and so are the words."""
    with suppress(IllegalMove):  # sent, being sent or cancelled already
        cancel(delivery=delivery, reason="The resident had their data erased.")
    kept = {} if delivery.kind == "note" else delivery.payload
    Delivery.objects.filter(pk=delivery.pk).update(resident=None, payload=kept)
