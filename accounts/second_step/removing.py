"""Takes the second step away from somebody who has lost their phone and their codes.

Staff who are deceived must not open an account at once: the resident is told, and has a day to
stop it. Whoever uses a second step on that day, or sets up a new one, has not lost it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.devices import sign_out_elsewhere
from accounts.models import Resident, SecondStepRemoval
from stockport.keyed import keyed

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def ask_to_remove(*, resident: Resident, by: Resident) -> bool:
    """Have it removed in a day, and tell the resident how to stop that.

    False, and nothing happens, where there is none or where it is to be removed already.
    """
    if not Authenticator.objects.filter(user=resident).exists():
        return False
    secret = secrets.token_hex(32)
    removal, is_new = SecondStepRemoval.objects.get_or_create(
        resident=resident, defaults={"link": keyed(secret)}
    )
    if is_new:
        audit.record("step_lost", resident=resident, actor=by)
        path = reverse("accounts:keep_second_step", args=[secret])
        _tell(resident, "removal_asked", due_at=removal.due_at, url=settings.SITE_URL + path)
    return is_new


@transaction.atomic
def keep_second_step(*, resident: Resident, by: Resident | None = None) -> bool:
    """Do not remove it after all, and say so; False where it was not to be removed."""
    stopped, _ = SecondStepRemoval.objects.for_resident(resident).delete()
    if stopped:
        audit.record("step_kept", resident=resident, actor=by)
        _tell(resident, "removal_stopped")
    return bool(stopped)


@transaction.atomic
def remove_due(now: datetime) -> int:
    """Remove those that nobody stopped and that are lost indeed; how many."""
    due = SecondStepRemoval.objects.due(now).select_related("resident")
    due = due.select_for_update(of=("self",), skip_locked=True)
    removed = 0
    for removal in due:
        if _is_there(removal):
            keep_second_step(resident=removal.resident)
        else:
            removal.delete()
            removed += remove_second_step(resident=removal.resident)
    return removed


@transaction.atomic
def remove_second_step(*, resident: Resident) -> bool:
    """Remove it, sign the resident out everywhere and tell them by e-mail; False, and nothing
    happens, where there is none.

    Nobody gets in by that alone: the password is still asked for.
    """
    removed, _ = Authenticator.objects.filter(user=resident).delete()
    if not removed:
        return False
    sign_out_elsewhere(resident=resident, current="")
    audit.record("step_lost_removed", resident=resident)
    _tell(resident, "removed_by_staff")
    return True


def _is_there(removal: SecondStepRemoval) -> bool:
    """Whether the resident has used or set up a second step since staff were told."""
    since = Q(last_used_at__gt=removal.asked_at) | Q(created_at__gt=removal.asked_at)
    return bool(Authenticator.objects.filter(since, user=removal.resident).exists())


def _tell(resident: Resident, what: str, **context: object) -> None:
    values = {"timestamp": timezone.now(), "user": resident, **context}
    get_adapter().send_mail(f"mfa/email/{what}", resident.email, values)
