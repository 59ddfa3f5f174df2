"""Takes the second step away from somebody who has lost their phone and their codes."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from accounts.devices import sign_out_elsewhere
from accounts.models import Resident


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
    context = {"timestamp": timezone.now(), "user": resident}
    get_adapter().send_mail("mfa/email/removed_by_staff", resident.email, context)
    return True
