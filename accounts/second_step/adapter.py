"""How allauth.mfa behaves here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.safestring import mark_safe
from qrcode.image.svg import SvgPathImage

from stockport.sealing import seal, unseal

if TYPE_CHECKING:
    from accounts.models import Resident


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's choices that are not settings."""

    error_messages: ClassVar[dict[str, str]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is not right. Enter the newest one that your app shows",
    }

    def get_totp_issuer(self) -> str:
        """The name under which the app lists the code, whatever Host the request named."""
        return f"{settings.COUNCIL_NAME} {settings.SERVICE_NAME}"

    def generate_authenticator_name(self, user: Resident, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {number + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom passkeys are made: our own name, whatever Host the request named."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": self.get_totp_issuer()}

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, as an element of the page: allauth's own is a document."""
        picture = qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode")
        return mark_safe(picture)  # noqa: S308 — dark squares, and none of the text

    def encrypt(self, text: str) -> str:
        """Sealed: allauth would store it as it is."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The counterpart."""
        return unseal(encrypted_text)
