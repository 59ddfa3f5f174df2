"""The demo borough's letters, as files in private storage."""

from __future__ import annotations

from datetime import date

from council_tax.models import Document
from council_tax.requests import DESTINATION
from stockport.demo.accounts import accounts_of
from stockport.demo.borough import SEED
from stockport.demo.households import households
from stockport.demo.letters import letters_of
from stockport.demo.printing import print_letters
from stockport.demo.queues import open_queue


def seed(today: date) -> None:
    """The revenues team's queue, and the letters that are not there yet, as the printer would."""
    open_queue(DESTINATION, "revenues team")
    accounts = (one for each in households(SEED) for one in accounts_of(each, today))
    letters = (letter for account in accounts for letter in letters_of(account))
    print_letters(Document.objects.all(), letters)
