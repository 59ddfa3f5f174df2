"""Proof, on the data itself, that no two appointments overlap and that cells are intervals."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from appointments.stranded import stranded
from stockport.outbox.actions import send_email

if TYPE_CHECKING:
    from stockport.outbox.models import Delivery

# These have their time at a desk.
LIVE = "('held', 'booked', 'arrived', 'attended', 'no_show')"
# Each query gives the references of appointments for which the sentence is true. They are SQL of
# their own, so that a fault in the code that books cannot hide itself here.
FAULTS = {
    "{} overlaps another appointment at its desk.": """
        SELECT DISTINCT a.reference FROM appointments_appointment a
        JOIN appointments_appointment b
          ON a.desk_id = b.desk_id AND a.lane = b.lane AND a.id <> b.id
         AND a.busy_from < b.busy_to AND a.busy_to > b.busy_from
        WHERE (a.status IN {live} OR a.rests_until IS NOT NULL)
          AND (b.status IN {live} OR b.rests_until IS NOT NULL)
        ORDER BY 1""",
    "{} lacks a cell of its time, or has one twice.": """
        SELECT a.reference FROM appointments_appointment a
        LEFT JOIN appointments_occupiedcell c
          ON c.appointment_id = a.id AND c.desk_id = a.desk_id AND c.lane = a.lane
        WHERE a.status IN {live} OR a.rests_until IS NOT NULL
        GROUP BY a.id
        HAVING COUNT(c.id) * 300 <> EXTRACT(EPOCH FROM a.busy_to - a.busy_from)
            OR COUNT(c.id) <> COUNT(DISTINCT c.cell)
        ORDER BY 1""",
    "{} has a cell that is not of its time or desk.": """
        SELECT DISTINCT a.reference FROM appointments_occupiedcell c
        JOIN appointments_appointment a ON a.id = c.appointment_id
        WHERE (a.status NOT IN {live} AND a.rests_until IS NULL)
           OR c.desk_id <> a.desk_id OR c.lane <> a.lane
           OR c.cell * 300 < EXTRACT(EPOCH FROM a.busy_from)
           OR c.cell * 300 >= EXTRACT(EPOCH FROM a.busy_to)
        ORDER BY 1""",
    "{} is beyond the lanes of its desk, and nobody said why.": """
        SELECT a.reference FROM appointments_appointment a
        JOIN appointments_desk d ON d.id = a.desk_id
        WHERE a.status IN ('held', 'booked') AND a.busy_to > %(now)s
          AND a.lane >= d.lanes AND a.overbook_reason = ''
        ORDER BY 1""",
    "{} is at the same time as another appointment of its resident.": """
        SELECT DISTINCT a.reference FROM appointments_appointment a
        JOIN appointments_appointment b
          ON a.resident_id = b.resident_id AND a.id <> b.id
         AND a.starts_at < b.ends_at AND a.ends_at > b.starts_at
        WHERE a.status IN ('booked', 'arrived') AND b.status IN ('booked', 'arrived')
        ORDER BY 1""",
    "{} has been offered a time that is not kept.": """
        SELECT a.reference FROM appointments_earlieroffer o
        JOIN appointments_appointment a ON a.id = o.appointment_id
        JOIN appointments_appointment h ON h.id = o.held_id
        WHERE o.state = 'pending' AND o.expires_at > %(now)s
          AND (h.status <> 'held' OR h.hold_expires_at < o.expires_at
               OR h.desk_id <> o.desk_id OR h.starts_at <> o.starts_at)
        ORDER BY 1""",
}


SOON = timedelta(days=2)
logger = logging.getLogger(__name__)


def everything() -> list[str]:
    """Each broken invariant, and each appointment that stands while its desk is closed.

    Who was asked to choose another time is left out until it is nearly too late.
    """
    soon = timezone.now() + SOON
    closed = [
        f"{made.reference} stands while its desk is closed."
        for made in stranded()
        if made.asked_to_move_at is None or made.starts_at < soon
    ]
    return problems() + closed


@transaction.atomic
def tell_staff() -> Delivery | None:
    """Mail what `everything` finds, and log how much; None where there is nothing to say."""
    found = everything()
    if not found:
        return None
    logger.error("Appointments that are not as they should be: %s", len(found))
    if not settings.ALERT_EMAILS:
        return None
    context = {"found": found, "site_url": settings.SITE_URL}
    return send_email(
        to=settings.ALERT_EMAILS,
        subject="My Account: appointments that need somebody",
        body=render_to_string("appointments/mail/checked.txt", context),
    )


def problems() -> list[str]:
    """What is wrong, one sentence each; nothing where every invariant holds."""
    found = []
    with connection.cursor() as cursor:
        for sentence, query in FAULTS.items():
            cursor.execute(query.format(live=LIVE), {"now": timezone.now()})
            found += [sentence.format(reference) for (reference,) in cursor.fetchall()]
    return found
