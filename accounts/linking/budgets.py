"""How many wrong answers there may be: by resident, by record, and by network address.

Whatever strangers do, the owner of a record is left a way in: they use up their own tries, and
for the record itself only the answers that can be guessed (docs/adr/0019).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import LinkAttempt, Resident

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
OF_RESIDENT = 5  # wrong answers a day
OF_ADDRESS = 60  # wrong answers a day: a library's visitors share one
FACTS_OF_TARGET = 10  # wrong facts a month, from everybody


def take_turns(*names: str) -> None:
    """Have others who count the same wait until this transaction has ended."""
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(name, 19)) FROM unnest(%s::text[]) name"
    with connection.cursor() as cursor:
        cursor.execute(lock, [sorted(names)])  # in one order, so that no two wait for each other


def tries_left(resident: Resident, address: str) -> int:
    """How many wrong answers this resident may still give today, from this address."""
    counted = LinkAttempt.objects.filter(Q(resident=resident) | Q(address=address))
    wrong = counted.filter(matched=False, at__gt=timezone.now() - DAY)
    used = list(wrong.values_list("resident_id", "address"))  # no more than the limits allow
    mine = OF_RESIDENT - sum(who == resident.pk for who, _ in used)
    here = OF_ADDRESS - sum(where == address for _, where in used)
    return max(0, min(mine, here))


def may_guess(target: str) -> bool:
    """Whether facts about this record still open it; its online key and its letters always do."""
    wrong = LinkAttempt.objects.filter(matched=False, way=LinkAttempt.Way.FACTS, target=target)
    lately = wrong.filter(at__gt=timezone.now() - MONTH)
    return lately[:FACTS_OF_TARGET].count() < FACTS_OF_TARGET  # however many there were
