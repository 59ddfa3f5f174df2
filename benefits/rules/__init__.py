"""What the figures of a claim mean: pure functions, amounts in pounds, no clock of their own."""

from benefits.rules.appeals import Appeal, SupportAppeal, months_after
from benefits.rules.circumstances import (
    Circumstances,
    Disability,
    NonDependant,
    Rooms,
    Tenancy,
)
from benefits.rules.figures import UnknownYearError
from benefits.rules.housing_benefit import housing_benefit, housing_benefit_weekly
from benefits.rules.papers import MOST_PAPERS, PAPERS_A_DAY, papers_by
from benefits.rules.payments import (
    Change,
    a_week,
    change,
    following_end,
    full_amount,
    is_month,
    length,
    next_payment_date,
    recovered_from,
    weeks_in,
    weeks_left,
)
from benefits.rules.states import UNKNOWN_STATUS, StatusWords, status_words
from benefits.rules.support import (
    council_tax_support,
    council_tax_support_weekly,
    weeks_in_year,
)
from benefits.rules.what_if import Known, housing_benefit_at, support_at
from benefits.rules.working import Line, Working

__all__ = [
    "MOST_PAPERS",
    "PAPERS_A_DAY",
    "UNKNOWN_STATUS",
    "Appeal",
    "Change",
    "Circumstances",
    "Disability",
    "Known",
    "Line",
    "NonDependant",
    "Rooms",
    "StatusWords",
    "SupportAppeal",
    "Tenancy",
    "UnknownYearError",
    "Working",
    "a_week",
    "change",
    "council_tax_support",
    "council_tax_support_weekly",
    "following_end",
    "full_amount",
    "housing_benefit",
    "housing_benefit_at",
    "housing_benefit_weekly",
    "is_month",
    "length",
    "months_after",
    "next_payment_date",
    "papers_by",
    "recovered_from",
    "status_words",
    "support_at",
    "weeks_in",
    "weeks_in_year",
    "weeks_left",
]
