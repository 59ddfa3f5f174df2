"""How allauth behaves here: mail through the outbox, our addresses, our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import failing
from accounts.browsers import is_known, remember_browser
from accounts.models import FailedSignIn, Resident
from stockport.outbox.actions import send_email

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from django.http import HttpRequest, HttpResponseBase


TRUST = "allauth.mfa.stages.TrustStage"
REMEMBER = "accounts.second_step.stages.RememberStage"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's choices that are not settings."""

    error_messages: ClassVar[dict[str, str]] = DefaultAccountAdapter.error_messages | {
        "duplicate_email": "You already use this e-mail address. Enter a different one",
        "email_password_mismatch": "Your e-mail address or password is not right. Check both",
        "email_taken": "You cannot use this e-mail address. Enter a different one",
        "enter_current_password": "Your current password is not right. Enter it again",
        "incorrect_code": "The code is not right. Check the e-mail and enter it again",
        "incorrect_password": "Your password is not right. Enter it again",
        "rate_limited": "You have asked for too many codes. Use the newest one, or wait an hour",
        "too_many_login_attempts": (
            "There have been too many tries. Wait 5 minutes, then try again."
            " If that does not help, wait an hour"
        ),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: every page here is a page, whatever a request says that it accepts."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put one text e-mail into the outbox; a worker sends it after the request."""
        values = {
            "site_url": settings.SITE_URL,
            "council_name": settings.COUNCIL_NAME,
            "contact_url": settings.CONTACT_URL,
            "service_name": settings.SERVICE_NAME,
            "email": email,
            **context,
        }
        subject = render_to_string(f"{template_prefix}_subject.txt", values)
        body = render_to_string(f"{template_prefix}_message.txt", values)
        resident = context.get("user")
        with transaction.atomic():
            send_email(
                to=[email],
                subject=" ".join(subject.split()),
                body=body.strip() + "\n",
                resident=resident if isinstance(resident, Resident) else None,
            )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """A counter for strangers, and one for the browsers that the resident has used before."""
        counter: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{counter}:known" if is_known(request, credentials.get("email", "")) else counter

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted, for whatever address."""
        failing.count(credentials["email"], FailedSignIn.Kind.PASSWORD)

    def post_login(self, request: HttpRequest, user: Resident, **how: Any) -> HttpResponseBase:
        """On to the first page; a browser that was not used before is news for an e-mail."""
        response: HttpResponseBase = super().post_login(request, user, **how)
        remember_browser(request, response, user, is_new=how["signup"])
        return response

    def get_login_stages(self) -> list[str]:
        """allauth's, with our own way to remember a device."""
        stages: list[str] = super().get_login_stages()
        return [REMEMBER if stage == TRUST else stage for stage in stages]

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the e-mail, on our own address whatever Host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Where a changed e-mail address is shown."""
        return reverse("accounts:index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account page, whose banner says that it is changed."""
        return reverse("accounts:index")
