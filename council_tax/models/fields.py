"""SQL expressions that the constraints of several council tax tables share."""

from __future__ import annotations

from django.db import models
from django.db.models import CharField, DateField, Func, IntegerField, Q


class PrintedYear(Func):
    """The financial year that starts in the field's first four digits, as printed: 2026/27."""

    template = (
        "(left(%(expressions)s, 4) || '/' || right((left(%(expressions)s, 4)::int + 1)::text, 2))"
    )
    arity = 1
    output_field = CharField()


def known(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> Q:
    """The field holds one of the codes, or nothing where that is allowed."""
    return Q(**{f"{field}__in": [*choices.values, *([""] if blank else [])]})


class DaysCharged(Func):
    """DaysCharged("end", "start"): the days from start to end, both included."""

    template = "(%(expressions)s + 1)"
    arg_joiner = " - "
    arity = 2
    output_field = IntegerField()


class YearStart(Func):
    """1 April in the financial year's first calendar year."""

    template = "make_date(left(%(expressions)s, 4)::int, 4, 1)"
    arity = 1
    output_field = DateField()


class YearEnd(Func):
    """31 March in the financial year's second calendar year."""

    template = "make_date(left(%(expressions)s, 4)::int + 1, 3, 31)"
    arity = 1
    output_field = DateField()
