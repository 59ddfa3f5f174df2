"""Turns the violation of one named constraint into the error that its caller expects."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


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
