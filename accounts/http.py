"""The resident behind a request, with its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from accounts.models import Resident

if TYPE_CHECKING:
    from django.http import HttpRequest


def resident_of(request: HttpRequest) -> Resident:
    """Who is signed in; PermissionDenied (403) where nobody is, which middleware rules out."""
    if not isinstance(request.user, Resident):
        raise PermissionDenied("Nobody is signed in.")
    return request.user


def visitor(request: HttpRequest) -> Resident | None:
    """Who is signed in, on a page that anybody may see; None where nobody is."""
    return request.user if isinstance(request.user, Resident) else None
