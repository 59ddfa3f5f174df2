"""Where a resident is signed in, and signing out everywhere else.

allauth.usersessions writes a row at each sign-in; what is over is shown no more, and goes at night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import ua_parser
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Subquery
from django.utils import timezone
from django.utils.crypto import constant_time_compare

if TYPE_CHECKING:
    from accounts.models import Resident


@dataclass(frozen=True)
class Device:
    """One place where somebody is signed in."""

    key: str
    name: str
    address: str
    since: datetime
    is_this: bool


def device_name(user_agent: str) -> str:
    """The browser and its system, as people call them: “Firefox on Windows”."""
    found = ua_parser.parse(user_agent)
    browser = found.user_agent.family if found.user_agent else "A browser"
    return f"{browser} on {found.os.family}" if found.os else browser


def devices(resident: Resident, current: str) -> list[Device]:
    """Where the resident is signed in now, the newest first; `current` is this session's key."""
    kept = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = UserSession.objects.filter(user=resident, session_key__in=Subquery(kept))
    return [
        Device(
            row.session_key,
            device_name(row.user_agent),
            row.ip,
            row.created_at,
            row.session_key == current,
        )
        for row in rows.order_by("-created_at")
        if _is_of(resident, row.session_key)
    ]


def _is_of(resident: Resident, key: str) -> bool:
    """Whether it still counts: a change of the password ends it, and leaves the row."""
    known = SessionStore(key).load().get(HASH_SESSION_KEY, "")
    return constant_time_compare(known, resident.get_session_auth_hash())


def sign_out_elsewhere(*, resident: Resident, current: str) -> int:
    """End every session of the resident but this one; how many there were."""
    others = UserSession.objects.filter(user=resident).exclude(session_key=current)
    keys = list(others.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    others.delete()
    return ended


def forget_ended() -> None:
    """Delete what is known of sessions that are over."""
    UserSession.objects.exclude(
        session_key__in=Subquery(Session.objects.values("session_key"))
    ).delete()
