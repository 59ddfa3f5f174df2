"""How long somebody stays signed in: until they are idle, or for the longest time allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest, HttpResponse

STARTED, SEEN = "session_started", "session_seen"
# The session is written at most once a minute, so that reading a page seldom writes.
SEEN_EVERY_SECONDS = 60


def is_over(session: SessionBase, now: float, *, staff: bool) -> bool:
    """Whether the session, at this POSIX time, has been idle too long or is too old."""
    return STARTED in session and now > _end(session, session[SEEN], staff=staff)


def ends_at(session: SessionBase, now: float, *, staff: bool) -> float:
    """The POSIX time at which it is over if nothing follows what is asked for now."""
    seen = session.get(SEEN, now)
    return _end(session, now if now - seen >= SEEN_EVERY_SECONDS else seen, staff=staff)


def _end(session: SessionBase, seen: float, *, staff: bool) -> float:
    idle = settings.STAFF_SESSION_IDLE_SECONDS if staff else settings.SESSION_IDLE_SECONDS
    longest = settings.STAFF_SESSION_SECONDS if staff else settings.SESSION_COOKIE_AGE
    return float(min(seen + idle, session.get(STARTED, seen) + longest))


def session_end(request: HttpRequest) -> dict[str, Any]:
    """For every page: when who is signed in will be signed out, and in how many seconds."""
    if SESSION_KEY not in getattr(request, "session", ()):
        return {"session_ends": None}
    now = timezone.now().timestamp()
    ends = ends_at(request.session, now, staff=request.user.is_staff)
    return {
        "session_ends": datetime.fromtimestamp(ends, UTC),
        "session_seconds": max(0, int(ends - now)),
    }


def keep(session: SessionBase, now: float) -> None:
    """Note that the session is in use at this POSIX time."""
    session.setdefault(STARTED, now)
    if now - session.get(SEEN, 0) >= SEEN_EVERY_SECONDS:
        session[SEEN] = now


class SessionLimitsMiddleware:
    """Signs a resident out where the session is over, and says so on the next page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, after signing out where that is due."""
        # A browser sends a report by itself: nobody is there.
        if request.path == reverse("policy_report"):
            return self.get_response(request)
        now = timezone.now().timestamp()
        signed_in = SESSION_KEY in request.session
        if signed_in and is_over(request.session, now, staff=request.user.is_staff):
            logout(request)
            messages.info(request, "We signed you out to keep your account safe.")
        response = self.get_response(request)
        if SESSION_KEY in request.session:
            keep(request.session, now)
        return response
