"""How many wrong answers there may be: by resident, by record, and by network address.

Whatever strangers do, the owner of a record is left a way in: they use up their own tries, and
for the record itself only the answers that can be guessed (docs/adr/0019).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import LinkAttempt, Resident

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
OF_RESIDENT = 5  # wrong answers a day
OF_ADDRESS = 60  # wrong answers a day: a library's visitors share one
FACTS_OF_TARGET = 10  # wrong facts a month, from everybody
# In SQL, and with nothing else: it is all that a flood of guesses costs.
WRONG_TODAY = """
    SELECT count(*) FILTER (WHERE resident_id = %(resident)s),
        count(*) FILTER (WHERE address = %(address)s)
    FROM accounts_linkattempt
    WHERE (resident_id = %(resident)s OR address = %(address)s) AND NOT matched AND at > %(since)s
"""


def take_turns(*names: str) -> None:
    """Have others who count the same wait until this transaction has ended."""
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(name, 19)) FROM unnest(%s::text[]) name"
    with connection.cursor() as cursor:
        cursor.execute(lock, [sorted(names)])  # in one order, so that no two wait for each other


def tries_left(resident: Resident, address: str) -> int:
    """How many wrong answers this resident may still give today, from this address."""
    values: dict[str, Any] = {
        "resident": resident.pk,
        "address": address,
        "since": timezone.now() - DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRONG_TODAY, values)
        mine, here = map(int, cursor.fetchone())
    return max(0, min(OF_RESIDENT - mine, OF_ADDRESS - here))


def may_guess(target: str) -> bool:
    """Whether facts about this record still open it; its online key and its letters always do."""
    wrong = LinkAttempt.objects.filter(matched=False, way=LinkAttempt.Way.FACTS, target=target)
    lately = wrong.filter(at__gt=timezone.now() - MONTH)
    return lately[:FACTS_OF_TARGET].count() < FACTS_OF_TARGET  # however many there were
