"""What the pages about one account share: whose it is, and of which year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.http import resident_of
from council_tax.models import Account, YearTotal
from council_tax.rules import tax_year_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def account_of(request: HttpRequest, reference: str) -> Account:
    """The resident's account with this reference; 404 where they have none."""
    mine = Account.objects.for_resident(resident_of(request)).for_pages()
    return get_object_or_404(mine, reference=reference)


def totals_of(account: Account) -> dict[str, YearTotal]:
    """The totals of each financial year that the account has figures of, newest first."""
    return {each.year: each for each in account.year_totals.order_by("-year")}


def chosen_year(request: HttpRequest, years: list[str]) -> str:
    """The year that is asked for, or the running one, or the newest that there is."""
    running = tax_year_of(timezone.localdate())
    if asked := request.GET.get("year"):
        if asked not in years:
            raise Http404("This account has no such year.")
        return asked
    return running if running in years or not years else years[0]
