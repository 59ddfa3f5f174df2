"""System checks of the platform."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from stockport.http import LONGEST_SECONDS
from stockport.services import services

BUILT = ("build/portal.css", "build/govuk-frontend.min.js")


@register(Tags.staticfiles)
def styles_are_built(**kwargs: Any) -> list[CheckMessage]:
    """W001 where the styles and scripts that `npm run build` makes are not there."""
    missing = [name for name in BUILT if not finders.find(name)]
    if not missing:
        return []
    return [
        Warning(
            f"Pages will have no style: static/{' and static/'.join(missing)} missing.",
            hint="Run: npm ci && npm run build",
            id="stockport.W001",
        )
    ]


@register()
def services_say_what_they_are(**kwargs: Any) -> list[CheckMessage]:
    """E001 for a service without a slug, a title or a summary."""
    return [
        Error(
            f"{type(service).__name__} has no {text}.",
            hint=f"Set {text} on the class, in its service.py.",
            id="stockport.E001",
        )
        for service in services()
        for text in ("slug", "title", "summary")
        if not getattr(service, text).strip()
    ]


@register(Tags.security, deploy=True)
def leases_outlast_calls(**kwargs: Any) -> list[CheckMessage]:
    """E002 where a delivery could be looked up, and sent again, while a call still carries it.

    A worker starts a call in the first half of its lease (delivering.carry).
    """
    if settings.OUTBOX_LEASE_SECONDS / 2 > LONGEST_SECONDS:
        return []
    return [
        Error(
            "A call to another system may take longer than the lease of the delivery.",
            hint=f"Set OUTBOX_LEASE_SECONDS to more than {2 * LONGEST_SECONDS}.",
            id="stockport.E002",
        )
    ]
