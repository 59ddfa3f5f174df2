"""Rules of council tax: pure functions; money is Decimal pounds, days are dates.

The portal explains what the back office has assessed. Nothing here assesses anybody.
"""

from council_tax.rules.bands import (
    agrees_with_ninths,
    band_charge,
    band_with_disabled_reduction,
)
from council_tax.rules.estimates import Stay, cost, days_of_homes, discounted
from council_tax.rules.instalments import (
    Due,
    Respread,
    ends_in,
    instalment_count,
    instalment_plan,
    payments_left,
    respread,
)
from council_tax.rules.premiums import occupancy_discount_percent, premium_percent
from council_tax.rules.schedule import ZERO, Schedule, schedule
from council_tax.rules.sums import adds_up, explains, net_of
from council_tax.rules.years import (
    apportion,
    days_in_year,
    previous_year,
    tax_year_of,
    year_bounds,
)

__all__ = [
    "ZERO",
    "Due",
    "Respread",
    "Schedule",
    "Stay",
    "adds_up",
    "agrees_with_ninths",
    "apportion",
    "band_charge",
    "band_with_disabled_reduction",
    "cost",
    "days_in_year",
    "days_of_homes",
    "discounted",
    "ends_in",
    "explains",
    "instalment_count",
    "instalment_plan",
    "net_of",
    "occupancy_discount_percent",
    "payments_left",
    "premium_percent",
    "previous_year",
    "respread",
    "schedule",
    "tax_year_of",
    "year_bounds",
]
