"""Drafts: the answers of a form that is not sent yet, in the account instead of the session.

They survive signing out and are there on another device. Photos of a form live as long as its
draft and go with it; only those of a form without one have the rule of a day (photos.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from stockport.keeping import KEPT, Kept, SessionStore
from street_reports.models import Draft, Photo
from street_reports.photos import delete_photo

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from accounts.models import Resident
    from street_reports.models import Report

DRAFTS_KEPT = timedelta(days=28)  # after the last answer


class DraftStore:
    """A journey's answers in the account; what the session has of it moves there when it changes.

    Two tabs may have the same form: each change is made to what is kept at that moment.
    """

    def __init__(self, resident: Resident, key: UUID, begun: SessionStore) -> None:
        self.resident, self.key, self.begun = resident, key, begun

    def read(self) -> Kept:
        """The answers, or the address of what came of them."""
        mine = Draft.objects.for_resident(self.resident).filter(key=self.key)
        draft = mine.select_related("report").first()
        if draft is None:
            return self.begun.read()
        if draft.report:
            return {"": draft.report.confirmed_at(self.resident)}
        answers: Kept = draft.answers
        return answers

    @transaction.atomic
    def change(self, change: Callable[[Kept], Kept]) -> None:
        """Keep it, with the newest other drafts. What was sent in another tab stays as it is."""
        draft, is_new = Draft.objects.select_for_update().get_or_create(
            resident=self.resident, key=self.key, defaults={"answers": self.begun.read()}
        )
        if draft.report_id:
            return
        draft.answers = change(draft.answers)
        draft.changed_at = timezone.now()
        draft.save(update_fields=["answers", "changed_at"])
        if is_new:
            self.begun.forget()
            for old in Draft.objects.for_resident(self.resident).unfinished()[KEPT:]:
                _delete(old)

    def end(self, address: str) -> None:
        """Nothing is left to do: what came of the form ended it, in the same transaction."""


def end_draft(*, resident: Resident, key: UUID, report: Report) -> None:
    """The form became this report: forget the answers, in the caller's transaction."""
    draft = Draft.objects.for_resident(resident).filter(key=key)
    draft.update(answers={}, report=report, changed_at=timezone.now())


@transaction.atomic
def delete_draft(*, resident: Resident, key: UUID) -> None:
    """Delete it with its photos, if it is there and was not sent."""
    mine = Draft.objects.for_resident(resident).unfinished()
    if draft := mine.select_for_update().filter(key=key).first():
        _delete(draft)


def delete_old_drafts() -> int:
    """Delete what nobody has changed for 28 days, sent or not; how many."""
    old = Draft.objects.filter(changed_at__lt=timezone.now() - DRAFTS_KEPT)
    keys = list(old.values_list("pk", flat=True))
    for pk in keys:
        with transaction.atomic():
            # One that is being changed at this moment is not old any more.
            if draft := old.select_for_update(skip_locked=True).filter(pk=pk).first():
                _delete(draft)
    return len(keys)


def _delete(draft: Draft) -> None:
    """The draft, and the photos that no report took."""
    for photo in Photo.objects.for_resident(draft.resident).of_form(draft.key).drafts():
        delete_photo(photo=photo)
    draft.delete()
