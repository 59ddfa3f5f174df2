"""Drafts: the answers of a form that is not sent yet, in the account and sealed.

They survive signing out and are there on another device. A bank account may be among them.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from benefits.models import ClaimDraft
from stockport.keeping import KEPT, Kept
from stockport.sealing import Unreadable, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from accounts.models import Resident
    from benefits.models import ClaimRequest

DRAFTS_KEPT = timedelta(days=28)  # after the last answer


class DraftStore:
    """A journey's answers in the account.

    Two tabs may have the same form: each change is made to what is kept at that moment.
    """

    def __init__(self, resident: Resident, form: str, key: UUID) -> None:
        self.resident, self.form, self.key = resident, form, key

    def read(self) -> Kept:
        """The answers, or the address of what came of them."""
        mine = ClaimDraft.objects.for_resident(self.resident).filter(key=self.key, form=self.form)
        draft = mine.select_related("request").first()
        if draft is None:
            return {}
        return {"": draft.request.get_absolute_url()} if draft.request else kept_in(draft)

    @transaction.atomic
    def change(self, change: Callable[[Kept], Kept]) -> None:
        """Keep it, with the newest other drafts. What was sent in another tab stays as it is."""
        draft, is_new = ClaimDraft.objects.select_for_update().get_or_create(
            resident=self.resident, key=self.key, defaults={"form": self.form}
        )
        if draft.request_id or draft.form != self.form:
            return
        draft.sealed = seal(json.dumps(change(kept_in(draft))))
        draft.changed_at = timezone.now()
        draft.save(update_fields=["sealed", "changed_at"])
        if is_new:
            mine = ClaimDraft.objects.for_resident(self.resident).unfinished()
            ClaimDraft.objects.filter(pk__in=[old.pk for old in mine[KEPT:]]).delete()

    def end(self, address: str) -> None:
        """Nothing is left to do: what came of the form ended it, in the same transaction."""


def kept_in(draft: ClaimDraft) -> Kept:
    """What was typed; nothing where its key was lost, so that it is asked again."""
    try:
        kept: Kept = json.loads(unseal(draft.sealed)) if draft.sealed else {}
    except Unreadable:
        return {}
    return kept


def end_draft(*, resident: Resident, key: UUID, request: ClaimRequest) -> None:
    """The form became this request: forget the answers, in the caller's transaction."""
    draft = ClaimDraft.objects.for_resident(resident).filter(key=key)
    draft.update(sealed="", request=request, changed_at=timezone.now())


def delete_draft(*, resident: Resident, key: UUID) -> None:
    """Delete it, if it is there and was not sent."""
    ClaimDraft.objects.for_resident(resident).unfinished().filter(key=key).delete()


def delete_old_drafts() -> int:
    """Delete what nobody has changed for 28 days, sent or not; how many."""
    old = ClaimDraft.objects.filter(changed_at__lt=timezone.now() - DRAFTS_KEPT)
    return old.delete()[0]
