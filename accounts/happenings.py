"""What allauth and Django tell of: sign-ins and changes to how somebody signs in, put on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in

from accounts import audit

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from django.dispatch import Signal

    from accounts.models import Resident

CHANGES: dict[Signal, str] = {
    user_logged_in: "signed_in",
    account.password_changed: "password_changed",
    account.password_reset: "password_changed",
    account.email_changed: "email_changed",
}
STEPS: dict[Signal, str] = {
    mfa.authenticator_added: "step_added",
    mfa.authenticator_removed: "step_removed",
    mfa.authenticator_reset: "step_renewed",
}


def listen() -> None:
    """Have each of them put on record from now on."""
    for signal in CHANGES:
        signal.connect(_changed, dispatch_uid="on record")
    for signal in STEPS:
        signal.connect(_stepped, dispatch_uid="on record")


def _changed(signal: Signal, user: Resident, **more: Any) -> None:
    audit.record(CHANGES[signal], resident=user, actor=user)


def _stepped(signal: Signal, user: Resident, authenticator: Authenticator, **more: Any) -> None:
    detail = str(authenticator.get_type_display())
    audit.record(STEPS[signal], resident=user, actor=user, detail=detail)
