"""Papers that the council asks for: how many at once, and by when they are wanted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from benefits.rules.appeals import months_after

MOST_PAPERS: Final = 10  # sent at once; as many times as it takes
PAPERS_A_DAY: Final = 60


def papers_by(asked: date, *, housing_benefit: bool, support_days: int = 0) -> date:
    """By when papers are wanted that were asked for on a day, where the council gives no date.

    Housing Benefit: one month (SI 2006/213, regulation 86(1)). Council Tax Support: as the
    council's own scheme says, in days, or one month (SI 2012/2886, the default scheme). A claim for
    both has the later of the two nowhere in law, so the earlier one is meant.
    """
    month = months_after(asked, 1)
    if not support_days:
        return month
    own = asked + timedelta(days=support_days)
    return min(month, own) if housing_benefit else own
