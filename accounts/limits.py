"""How often something may be done, by network address and by what it is done to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.core import ratelimit

if TYPE_CHECKING:
    from django.http import HttpRequest


def is_allowed(request: HttpRequest, action: str, key: str) -> bool:
    """Count one more of this action of settings.ACCOUNT_RATE_LIMITS; False where it is too many."""
    return bool(ratelimit.consume(request, action=action, key=key))
