"""What becomes of an appointment."""

from django.db import models


class Status(models.TextChoices):
    """Held, then booked; on its day somebody comes or does not."""

    HELD = "held", "Held"
    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    ATTENDED = "attended", "Attended"
    NO_SHOW = "no_show", "Did not come"
    CANCELLED_BY_RESIDENT = "cancelled_by_resident", "Cancelled by the resident"
    CANCELLED_BY_COUNCIL = "cancelled_by_council", "Cancelled by the council"
    EXPIRED = "expired", "Not booked in time"


# These have their time at their desk, whether it lies ahead or is over.
STANDING = (Status.BOOKED, Status.ARRIVED, Status.ATTENDED, Status.NO_SHOW)
# Whoever has one of these is still to be seen.
TO_COME = (Status.BOOKED, Status.ARRIVED)
DRAFTS = (Status.HELD, Status.EXPIRED)
