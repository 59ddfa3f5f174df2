"""A bill of the demo borough whose person nobody has linked: all that is needed to try linking."""

from __future__ import annotations

from stockport.demo.borough import SEED
from stockport.demo.households import household

NOT_LINKED = 20  # the household; the demo residents are in those before


def bill_to_link() -> str:
    """What is printed on the bill, and the facts that the council holds."""
    home = household(SEED, NOT_LINKED)
    person = home.lead
    return "\n".join(
        [
            "A council tax bill to link, signed in as new@example.org:",
            f"  account number {home.account_reference()}, online key {person.online_key}",
            f"  {person.title} {person.forenames} {person.surname}, {home.home.postcode}",
            f"  or by facts: phone …{person.phone_last3}, bank account …{person.bank_last3},"
            f" born {person.date_of_birth:%d %m %Y}",
            "  or by post: the letter with the PIN is among the e-mails sent",
        ]
    )
