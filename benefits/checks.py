"""System checks of benefits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from benefits import modulus


@register()
def tables_can_be_read(**kwargs: Any) -> list[CheckMessage]:
    """E001 where the tables of the modulus check are set and cannot be read."""
    if not settings.MODULUS_TABLES:
        return []
    try:
        modulus.read(Path(settings.MODULUS_TABLES))
    except (OSError, ValueError) as error:
        hint = "Put Pay.UK's valacdos.txt and scsubtab.txt into the folder MODULUS_TABLES."
        text = f"Bank accounts are not checked: {error}"
        return [Error(text, hint=hint, id="benefits.E001")]
    return []
