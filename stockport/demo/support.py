"""For which days of a year a claim lowers the council tax bill."""

from __future__ import annotations

from datetime import date, timedelta

from stockport.demo.bills import Support
from stockport.demo.plans import ClaimPlan
from stockport.demo.years import TaxYear, tax_year


def ended_on(today: date) -> date:
    """When the demo's ended claims ended: the last Sunday of last tax year's September."""
    last = date(tax_year(today).previous.first, 9, 30)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def support_in(claim: ClaimPlan | None, year: TaxYear, today: date) -> Support | None:
    """Its days and share in this year; None where it does not reach the bill."""
    if claim is None or not claim.lowers_bill:
        return None
    if claim.status in ("current", "suspended"):
        return Support(claim.support, year.start, year.end)
    if claim.status == "cancelled" and year == tax_year(today).previous:
        return Support(claim.support, year.start, ended_on(today))
    return None
