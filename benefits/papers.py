"""What happens to papers: each is kept as soon as it comes, sent when the resident says so."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from benefits import rules
from benefits.models import EvidenceRequest, Paper, Sending
from benefits.models.papers import private_path
from stockport import images, scanning
from stockport.db import on_violation
from stockport.outbox.actions import destinations, enqueue_all
from stockport.outbox.models import Delivery, Destination
from stockport.outbox.staff import cancel
from stockport.outbox.workflow import IllegalMove
from stockport.pdfs import is_whole_pdf
from stockport.references import new_reference
from stockport.uploads import shown_name

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import Resident
    from benefits.models.papers import PaperQuerySet
    from stockport.outbox.connectors.base import Update

logger = logging.getLogger(__name__)

DESTINATION = "benefits"
DELIVERY = "benefits_evidence"
FILE_DELIVERY = "benefits_evidence_file"
DELIVERIES = (DELIVERY, FILE_DELIVERY)
LONGEST_SIDE = 3000  # pixels: small print of a page that was photographed whole is readable
A_DAY = timedelta(days=1)
UNSENT_KEPT = timedelta(days=28)
SENT_KEPT = timedelta(days=90)  # after the council has it
TYPES = {Paper.Kind.JPG: "image/jpeg", Paper.Kind.PDF: "application/pdf"}
WRONG_KIND = "It must be a PDF, JPEG, PNG or HEIC file"
DAMAGED_PDF = "The PDF is damaged or incomplete. Save it again, or send a photo of each page"
FULL = f"You can send {rules.MOST_PAPERS} files at once. Send these first, then add the others"
ENOUGH = f"You can add {rules.PAPERS_A_DAY} files in a day. Try again tomorrow"
INFECTED = "We found a virus in it. Send a photo of the paper instead"
NO_REASON = "The benefits team did not say why. Contact us to ask."
NEWS = {
    "accepted": Sending.Status.ACCEPTED,
    "closed": Sending.Status.ACCEPTED,
    "done": Sending.Status.ACCEPTED,
    "rejected": Sending.Status.REJECTED,
    "refused": Sending.Status.REJECTED,
    "no_further_action": Sending.Status.REJECTED,
}


class NotTaken(Exception):
    """The file cannot be taken; the message says why, for the resident."""


class NothingToSend(Exception):
    """No paper was added."""


class _Taken(Exception):
    """There is a paper at this position already."""


class _Known(Exception):
    """This very file is there already."""


def add_paper(
    *, resident: Resident, request: EvidenceRequest, upload: UploadedFile[bytes]
) -> Paper:
    """Keep the file for the request, unsent. The same file again gives the paper that is there.

    A scanner that does not answer keeps no paper out: it is asked again before the paper leaves.
    Raises NotTaken.
    """
    try:
        content = images.read(upload, "file")
        digest = hashlib.sha256(content).hexdigest()
        there = Paper.objects.for_resident(resident).for_request(request).drafts()
        if known := there.filter(digest=digest).first():
            return known
        _check_room(resident, there.count())
        kind, clean = _cleaned(content)
    except images.NotAPhoto as reason:
        raise NotTaken(str(reason)) from reason
    paper = Paper(
        resident=resident,
        claim_reference=request.claim.reference,
        request_reference=request.reference,
        kind=kind,
        name=shown_name(upload),
        digest=digest,
        size=clean.size,
    )
    return _placed(paper, clean, there)


def _placed(paper: Paper, clean: ContentFile[bytes], there: PaperQuerySet) -> Paper:
    """Keep it at the first free position; raises NotTaken where there is none."""
    taken = set(there.values_list("position", flat=True))
    for paper.position in range(1, rules.MOST_PAPERS + 1):
        if paper.position not in taken:
            with suppress(_Taken):
                try:
                    return _store(paper, clean)
                except _Known:
                    return there.get(digest=paper.digest)
    raise NotTaken(FULL)


def _check_room(resident: Resident, drafts: int) -> None:
    if drafts >= rules.MOST_PAPERS:
        raise NotTaken(FULL)
    if Paper.objects.for_resident(resident).since(timezone.now() - A_DAY) >= rules.PAPERS_A_DAY:
        raise NotTaken(ENOUGH)


def _cleaned(content: bytes) -> tuple[Paper.Kind, ContentFile[bytes]]:
    """What is kept of a file; raises NotTaken or images.NotAPhoto."""
    with suppress(scanning.ScannerSilent):
        try:
            scanning.scan(content)
        except scanning.Infected as found:
            logger.warning("A paper had a virus: %s", found)
            raise NotTaken(INFECTED) from found
    if content.startswith(b"%PDF-"):
        if not is_whole_pdf(content):
            raise NotTaken(DAMAGED_PDF)
        return Paper.Kind.PDF, ContentFile(content)
    try:
        return Paper.Kind.JPG, images.clean(content, LONGEST_SIDE).file
    except images.UnknownKind as error:
        raise NotTaken(WRONG_KIND) from error


def _store(paper: Paper, clean: ContentFile[bytes]) -> Paper:
    """The row, then its file: who is too late for a position leaves no file behind."""
    paper.file.name = private_path(paper)
    with (
        on_violation("benefits_paper_position_free", _Taken()),
        on_violation("benefits_paper_once", _Known()),
    ):
        paper.save(force_insert=True)
        paper.file.storage.save(paper.file.name, clean)
    return paper


@transaction.atomic
def remove_paper(*, resident: Resident, request: EvidenceRequest, public_id: UUID) -> None:
    """Delete a paper that is not sent, if it is there."""
    drafts = Paper.objects.for_resident(resident).for_request(request).drafts()
    if paper := drafts.select_for_update().filter(public_id=public_id).first():
        _delete(paper)


@transaction.atomic
def send_papers(*, resident: Resident, request: EvidenceRequest) -> Sending:
    """Send every paper that was added for the request, each as a delivery behind the first.

    Sent twice at the same moment it is one sending. Raises NothingToSend.
    """
    mine = Paper.objects.for_resident(resident).for_request(request)
    papers = list(mine.drafts().select_for_update())
    if not papers:
        raise NothingToSend
    [queue] = destinations(DESTINATION)
    sending = Sending(
        reference=new_reference("EV"),
        resident=resident,
        claim_reference=request.claim.reference,
        request_reference=request.reference,
        item=request.item,
    )
    sending.delivery = _delivery(sending, queue, DELIVERY, _said(sending, papers))
    for number, paper in enumerate(papers, start=1):
        payload = _about(paper, number) | {"storage": str(paper.file.name)}
        paper.delivery = _delivery(sending, queue, FILE_DELIVERY, payload, sending.delivery)
        paper.sending = sending
    enqueue_all([sending.delivery, *(paper.delivery for paper in papers if paper.delivery)])
    sending.save()
    Paper.objects.bulk_update(papers, ["sending", "delivery"])
    return sending


def _said(sending: Sending, papers: Sequence[Paper]) -> dict[str, Any]:
    return {
        "claim_reference": sending.claim_reference,
        "request_reference": sending.request_reference,
        "item": sending.item,
        "person_references": [
            person.reference for person in Person.objects.for_resident(sending.resident)
        ],
        "files": [_about(paper, number) for number, paper in enumerate(papers, start=1)],
    }


def _about(paper: Paper, number: int) -> dict[str, Any]:
    return {"number": number, "name": paper.name, "type": TYPES[Paper.Kind(paper.kind)]}


def _delivery(
    sending: Sending,
    queue: Destination,
    kind: str,
    payload: dict[str, Any],
    follows: Delivery | None = None,
) -> Delivery:
    return Delivery(
        destination=queue,
        kind=kind,
        payload=payload,
        reference=sending.reference,
        resident=sending.resident,
        depends_on=follows,
    )


@transaction.atomic
def hear(*, delivery: Delivery, update: Update) -> bool:
    """What the benefits team says of papers; False where the delivery is none of theirs."""
    sending = Sending.objects.select_for_update().filter(delivery=delivery).first()
    if sending is None:
        return False
    status = NEWS.get(update.status.lower())
    if status and update.updated_at >= sending.status_at:
        sending.status, sending.status_at = status, update.updated_at
        rejected = status == Sending.Status.REJECTED
        sending.message = update.description or (NO_REASON if rejected else "")
        sending.save(update_fields=["status", "status_at", "message"])
    return True


def erase(*, resident: Resident) -> int:
    """Delete everything that the resident added or sent; how many rows."""
    for delivery in Delivery.objects.for_resident(resident).filter(kind__in=DELIVERIES):
        with suppress(IllegalMove):  # sent, or being sent: the council has it
            cancel(delivery=delivery, reason="The resident had their data erased.")
        Delivery.objects.filter(pk=delivery.pk).update(resident=None, payload={})
    papers = list(Paper.objects.for_resident(resident))
    for paper in papers:
        _delete(paper)
    return len(papers) + Sending.objects.for_resident(resident).delete()[0]


def tidy() -> int:
    """Delete papers that nobody sent for 28 days, and ours of those that the council has; how many.

    What it has for less than 90 days stays, so that the resident can look at it.
    """
    now = timezone.now()
    old = list(Paper.objects.drafts().filter(created_at__lt=now - UNSENT_KEPT))
    old += Paper.objects.filter(delivery__sent_at__lt=now - SENT_KEPT)
    for paper in old:
        _delete(paper)
    return len(old)


def _delete(paper: Paper) -> None:
    """Remove the row, and the file once that is certain."""
    storage, name = paper.file.storage, str(paper.file.name)
    paper.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)
