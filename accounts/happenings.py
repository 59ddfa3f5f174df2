"""What allauth and Django tell of: sign-ins and changes to how somebody signs in, put on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as elsewhere
from django.contrib.auth.signals import user_logged_in

from accounts import audit, failing
from accounts.models import FailedSignIn

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from allauth.socialaccount.models import SocialAccount, SocialLogin
    from django.dispatch import Signal

    from accounts.models import Resident

CHANGES: dict[Signal, str] = {
    user_logged_in: "signed_in",
    account.password_changed: "password_changed",
    account.password_reset: "password_changed",
    account.password_set: "password_set",
}
STEPS: dict[Signal, str] = {
    mfa.authenticator_added: "step_added",
    mfa.authenticator_removed: "step_removed",
    mfa.authenticator_reset: "step_renewed",
}
NAMES: dict[str, str] = {
    Authenticator.Type.TOTP: "an app with codes",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
    Authenticator.Type.WEBAUTHN: "a passkey",
}


def listen() -> None:
    """Have each of them put on record from now on."""
    for signal in CHANGES:
        signal.connect(_changed, dispatch_uid="on record")
    for signal in STEPS:
        signal.connect(_stepped, dispatch_uid="on record")
    account.email_changed.connect(_email_changed, dispatch_uid="on record")
    mfa.authentication_failed.connect(_step_failed, dispatch_uid="on record")
    elsewhere.social_account_added.connect(_connected, dispatch_uid="on record")
    elsewhere.social_account_removed.connect(_disconnected, dispatch_uid="on record")


def _changed(signal: Signal, user: Resident, **more: Any) -> None:
    audit.record(CHANGES[signal], resident=user, actor=user)


def _email_changed(user: Resident, from_email_address: EmailAddress | None, **more: Any) -> None:
    if from_email_address:  # and not the first one, confirmed at the end of signing up
        audit.record("email_changed", resident=user, actor=user)


def _stepped(signal: Signal, user: Resident, authenticator: Authenticator, **more: Any) -> None:
    detail = NAMES[authenticator.type]
    audit.record(STEPS[signal], resident=user, actor=user, detail=detail)


def _step_failed(user: Resident, **more: Any) -> None:
    failing.count(user.email, FailedSignIn.Kind.STEP)


def _connected(sociallogin: SocialLogin, **more: Any) -> None:
    who, name = sociallogin.user, sociallogin.provider.name
    audit.record("elsewhere_added", resident=who, actor=who, detail=name)


def _disconnected(socialaccount: SocialAccount, **more: Any) -> None:
    who, name = socialaccount.user, socialaccount.get_provider().name
    audit.record("elsewhere_removed", resident=who, actor=who, detail=name)
