"""Small things that Django leaves to its users: named constraints, and long lists of keys."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import BooleanField, F, Func, QuerySet, Value


def violated_constraint(error: IntegrityError) -> str:
    """The name of the constraint that PostgreSQL says was violated, or an empty string."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


@contextmanager
def on_violation(constraint: str, error: Exception) -> Iterator[None]:
    """A savepoint that raises `error` where the named constraint is violated, and only there."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        if violated_constraint(violation) != constraint:
            raise
        raise error from violation


def is_any_of(field: str, keys: Sequence[int] | QuerySet[Any]) -> Func:
    """A filter by many keys, sent as one value: `in` would send and read one for each of them.

    A query of one column is answered first, by itself: joined to the rows, its keys would at times
    be looked for in the whole table.
    """
    if isinstance(keys, QuerySet):
        many: ArraySubquery | Value = ArraySubquery(keys)
    else:
        # As text: Django and psycopg would prepare a thousand keys one by one.
        many = Value(f"{{{','.join(map(str, keys))}}}")
    return Func(
        F(field),
        many,
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


class IsSha256(Func):
    """IsSha256("field"): that the text is 64 hexadecimal digits, in small letters.

    In two cheap steps: PostgreSQL takes ten times as long to match `{64}` in a regular expression.
    """

    template = "(length(%(expressions)s) = 64 AND %(expressions)s !~ '[^0-9a-f]')"
    arity = 1
    output_field = BooleanField()
