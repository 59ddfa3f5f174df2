"""How allauth.mfa behaves here."""

from __future__ import annotations

from typing import ClassVar

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.safestring import mark_safe
from qrcode.image.svg import SvgPathImage

from stockport.sealing import seal, unseal


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's choices that are not settings."""

    error_messages: ClassVar[dict[str, str]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is not right. Enter the newest one that your app shows",
    }

    def get_totp_issuer(self) -> str:
        """The name under which the app lists the code, whatever Host the request named."""
        return f"{settings.COUNCIL_NAME} {settings.SERVICE_NAME}"

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
