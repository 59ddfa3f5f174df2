"""The postcode from which distances count.

It says where somebody lives, so it is kept in the session and never in an address, which browsers
remember, proxies write down and people send to others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from appointments.models import Postcode

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

NEAR = "appointments_near"


def near_of(session: SessionBase) -> Postcode | None:
    """The one that was given; None where none was, or where we do not know it any more."""
    code = session.get(NEAR)
    return Postcode.objects.filter(code=code).first() if code else None


def keep_near(session: SessionBase, near: Postcode) -> None:
    """Count from here, in every tab, until another is given or somebody signs out."""
    session[NEAR] = near.code


def forget_near(session: SessionBase) -> None:
    """Count from nowhere."""
    session.pop(NEAR, None)
