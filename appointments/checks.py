"""Proof, on the data itself, that no two appointments overlap and that cells are intervals."""

from __future__ import annotations

from django.db import connection

# Each query gives the references of appointments for which the sentence is true. They are SQL of
# their own, so that a fault in the code that books cannot hide itself here.
FAULTS = {
    "{} overlaps another appointment at its desk.": """
        SELECT DISTINCT a.reference FROM appointments_appointment a
        JOIN appointments_appointment b
          ON a.desk_id = b.desk_id AND a.lane = b.lane AND a.id <> b.id
         AND a.busy_from < b.busy_to AND a.busy_to > b.busy_from
        WHERE a.status IN ('held', 'booked') AND b.status IN ('held', 'booked')
        ORDER BY 1""",
    "{} lacks a cell of its time, or has one twice.": """
        SELECT a.reference FROM appointments_appointment a
        LEFT JOIN appointments_occupiedcell c
          ON c.appointment_id = a.id AND c.desk_id = a.desk_id AND c.lane = a.lane
        WHERE a.status IN ('held', 'booked')
        GROUP BY a.id
        HAVING COUNT(c.id) * 300 <> EXTRACT(EPOCH FROM a.busy_to - a.busy_from)
            OR COUNT(c.id) <> COUNT(DISTINCT c.cell)
        ORDER BY 1""",
    "{} has a cell that is not of its time or desk.": """
        SELECT DISTINCT a.reference FROM appointments_occupiedcell c
        JOIN appointments_appointment a ON a.id = c.appointment_id
        WHERE a.status NOT IN ('held', 'booked')
           OR c.desk_id <> a.desk_id OR c.lane <> a.lane
           OR c.cell * 300 < EXTRACT(EPOCH FROM a.busy_from)
           OR c.cell * 300 >= EXTRACT(EPOCH FROM a.busy_to)
        ORDER BY 1""",
}


def problems() -> list[str]:
    """What is wrong, one sentence each; nothing where every invariant holds."""
    found = []
    with connection.cursor() as cursor:
        for sentence, query in FAULTS.items():
            cursor.execute(query)
            found += [sentence.format(reference) for (reference,) in cursor.fetchall()]
    return found
