"""What is true of every appointment: the database refuses what is not."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact, LessThanOrEqual

CELL_SECONDS = 300


def _on_the_grid(field: str) -> models.CheckConstraint:
    """That this time of an appointment is a multiple of five minutes."""
    seconds = models.Func(
        F(field),
        template="EXTRACT(EPOCH FROM %(expressions)s)",
        output_field=models.DecimalField(),
    )
    return models.CheckConstraint(
        condition=Exact(Mod(seconds, Value(CELL_SECONDS)), Value(0)),
        name=f"%(app_label)s_appointment_{field}_on_grid",
        violation_error_message="Appointments begin and end on a multiple of 5 minutes.",
    )


# So whoever looks for what overlaps some days need not read what ends long after them.
LONGEST = timedelta(hours=48)
_BUSY = models.ExpressionWrapper(F("busy_to") - F("busy_from"), output_field=models.DurationField())
NO_CALLER = {"caller_name": "", "caller_email": ""}
INVARIANTS: list[models.CheckConstraint] = [
    *map(_on_the_grid, ("starts_at", "ends_at", "busy_from", "busy_to")),
    models.CheckConstraint(
        condition=Q(ends_at__gt=F("starts_at"))
        & Q(busy_from__lte=F("starts_at"), busy_to__gte=F("ends_at")),
        name="%(app_label)s_appointment_times_in_order",
        violation_error_message="An appointment ends after its start, within busy time.",
    ),
    models.CheckConstraint(
        condition=LessThanOrEqual(_BUSY, Value(LONGEST, models.DurationField())),
        name="%(app_label)s_appointment_two_days_at_most",
        violation_error_message="An appointment keeps its desk for 48 hours at most.",
    ),
    models.CheckConstraint(
        condition=Q(status="held", hold_expires_at__isnull=False)
        | (~Q(status="held") & Q(hold_expires_at=None)),
        name="%(app_label)s_appointment_only_holds_expire",
        violation_error_message="A hold, and only a hold, has a time when it runs out.",
    ),
    models.CheckConstraint(
        condition=Q(status__in=["held", "expired"], booked_at=None)
        | (~Q(status__in=["held", "expired"]) & Q(booked_at__isnull=False)),
        name="%(app_label)s_appointment_booked_has_time",
        violation_error_message="What was booked says when; a hold was not booked.",
    ),
    models.CheckConstraint(
        condition=Q(status__startswith="cancelled", cancelled_at__isnull=False)
        | (~Q(status__startswith="cancelled") & Q(cancelled_at=None)),
        name="%(app_label)s_appointment_cancelled_has_time",
        violation_error_message="A cancelled appointment, and only that, says when.",
    ),
    models.CheckConstraint(
        condition=Q(rests_until=None) | Q(status__startswith="cancelled"),
        name="%(app_label)s_appointment_only_cancelled_rests",
        violation_error_message="Only the time of a cancelled appointment is kept from others.",
    ),
    models.CheckConstraint(
        condition=Q(people__range=(1, 12)),
        name="%(app_label)s_appointment_people_1_to_12",
        violation_error_message="An appointment is for 1 to 12 people.",
    ),
    models.CheckConstraint(
        condition=Q(needs_interpreter=True) | Q(language=""),
        name="%(app_label)s_appointment_language_for_interpreter",
        violation_error_message="A language is kept only for an interpreter.",
    ),
    models.CheckConstraint(
        condition=~Q(status="booked", needs_interpreter=True, language=""),
        name="%(app_label)s_appointment_interpreter_has_language",
        violation_error_message="Say which language the interpreter speaks.",
    ),
    models.CheckConstraint(
        condition=~Q(status="booked", channel="phone", phone="", anonymised_at=None),
        name="%(app_label)s_appointment_phone_has_number",
        violation_error_message="A phone appointment has a number to call.",
    ),
    models.CheckConstraint(
        condition=Q(text_to="") | Q(text_to__regex=r"^\+447[0-9]{9}$"),
        name="%(app_label)s_appointment_texts_go_to_a_mobile",
        violation_error_message="Text messages go to a UK mobile number: +447700900123.",
    ),
    models.CheckConstraint(
        condition=~Q(status="booked", channel="home", address="", anonymised_at=None),
        name="%(app_label)s_appointment_home_has_address",
        violation_error_message="A visit has an address to go to.",
    ),
    models.CheckConstraint(
        condition=Q(status="arrived", arrived_at__isnull=False, seen_at=None)
        | Q(status="attended", seen_at__isnull=False)
        | (~Q(status__in=["arrived", "attended"]) & Q(arrived_at=None, seen_at=None)),
        name="%(app_label)s_appointment_came_has_time",
        violation_error_message="Who has arrived or was called in has a time for it.",
    ),
    models.CheckConstraint(
        condition=Q(caller_name="", caller_email="")
        | (Q(resident=None) & ~Q(caller_name="") & ~Q(phone="", caller_email="")),
        name="%(app_label)s_appointment_caller_can_be_reached",
        violation_error_message="Somebody without an account has a name, and a phone "
        "number or an e-mail address.",
    ),
    models.CheckConstraint(
        condition=Q(anonymised_at=None)
        | Q(resident=None, phone="", text_to="", address="", notes="", language="", **NO_CALLER),
        name="%(app_label)s_appointment_anonymised_names_nobody",
        violation_error_message="An anonymised appointment says nothing of the resident.",
    ),
]
