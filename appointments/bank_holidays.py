"""England's bank holidays, from the list of GOV.UK that comes with a package."""

from __future__ import annotations

from django.db import transaction
from govuk_bank_holidays.bank_holidays import BankHolidays

from appointments.actions.locks import lock_all_desks
from appointments.models import BankHoliday


@transaction.atomic
def import_bank_holidays() -> list[BankHoliday]:
    """Add the bank holidays that are not there yet; gives those. What staff changed stays."""
    lock_all_desks()
    there = set(BankHoliday.objects.values_list("date", flat=True))
    # The packaged list, not the network: the import gives the same result everywhere.
    known = BankHolidays(use_cached_holidays=True)
    return BankHoliday.objects.bulk_create(
        BankHoliday(date=day["date"], title=day["title"])
        for day in known.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
        if day["date"] not in there
    )
