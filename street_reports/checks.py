"""System checks of street reports."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

NOBODY_ON_DUTY = "Nobody is told about urgent faults: there are no duty officers to e-mail."


@register(deploy=True)
def somebody_is_on_duty(**kwargs: Any) -> list[CheckMessage]:
    """W001 where no address is set for reports that need a person now."""
    if settings.DUTY_EMAILS:
        return []
    return [
        Warning(
            NOBODY_ON_DUTY,
            hint="Set DUTY_EMAILS to the addresses that somebody reads at any hour.",
            id="street_reports.W001",
        )
    ]
