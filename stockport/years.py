"""Financial years as they are printed: 2026/27."""

from __future__ import annotations

from django.db.models import Q

# Council tax began in 1993. The years of today's bills come first, since PostgreSQL reads the list
# from its start for each of an extract's millions of rows.
FINANCIAL_YEARS = [
    f"{first}/{(first + 1) % 100:02}"
    for first in sorted(range(1993, 2093), key=lambda first: abs(first - 2026))
]


def year_format() -> Q:
    """The year is a financial year as printed on bills, such as “2026/27”, from 1993/94 on."""
    return Q(year__in=FINANCIAL_YEARS)
