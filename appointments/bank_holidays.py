"""England's bank holidays, from the list of GOV.UK that comes with a package."""

from __future__ import annotations

from django.db import transaction
from govuk_bank_holidays.bank_holidays import BankHolidays

from appointments.models import BankHoliday


@transaction.atomic
def import_bank_holidays() -> int:
    """Add the bank holidays that are not there yet; says how many. What staff changed stays."""
    # The packaged list, not the network: the import gives the same result everywhere.
    known = BankHolidays(use_cached_holidays=True)
    rows = [
        BankHoliday(date=day["date"], title=day["title"])
        for day in known.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    ]
    before = BankHoliday.objects.count()
    BankHoliday.objects.bulk_create(rows, ignore_conflicts=True)
    return BankHoliday.objects.count() - before
