"""Sign-ins that fail: counted as they come, told to residents once the hour is over.

The same statement is written for every address, so that neither what is asked of the database nor
how long it takes tells who has an account. An account gets at most one line an hour for each kind.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import FailedSignIn

COUNT = """
    INSERT INTO accounts_failedsignin AS f (email, kind, hour, last_at, tries)
    VALUES (lower(%s), %s, date_trunc('hour', %s::timestamptz), %s, 1)
    ON CONFLICT (hour, email, kind) DO UPDATE SET tries = f.tries + 1, last_at = excluded.last_at
"""
TELL = """
    WITH over AS (
        DELETE FROM accounts_failedsignin WHERE hour < date_trunc('hour', %s::timestamptz)
        RETURNING email, kind, last_at, tries
    )
    INSERT INTO accounts_auditevent (at, kind, resident_id, role, why, detail, about)
    SELECT over.last_at, over.kind, r.id, '', '', over.tries::text, ''
    FROM over JOIN accounts_resident r ON r.email = over.email
    ORDER BY over.last_at
"""


def count(email: str, kind: FailedSignIn.Kind) -> None:
    """Count one more, whether or not somebody has an account with this address."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [email, kind, now, now])


def tell(now: datetime) -> int:
    """Put the hours that are over on the record of whose accounts they were; how many lines.

    All of them are forgotten with it, also of addresses that nobody has an account with.
    """
    with connection.cursor() as cursor:
        cursor.execute(TELL, [now])
        return int(cursor.rowcount)
