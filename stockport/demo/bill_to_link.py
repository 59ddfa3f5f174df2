"""A bill of the demo borough whose person nobody has linked: all that is needed to try linking."""

from __future__ import annotations

from stockport.demo.borough import SEED
from stockport.demo.households import Household, household

NOT_LINKED = 20  # the household; the demo residents are in those before


def bill_to_link() -> str:
    """What is printed on the bill, and the facts that the council holds."""
    home = household(SEED, NOT_LINKED)
    person = home.lead
    return "\n".join(
        [
            "A council tax bill to link, signed in as new@example.org:",
            f"  account number {home.account_reference()}, online key {person.online_key}",
            f"  {_name(home)}, {home.home.postcode}",
            f"  or by facts: phone …{person.phone_last3}, bank account …{person.bank_last3},"
            f" born {person.date_of_birth:%d %m %Y}",
            "  or by post: the letter with the PIN comes to /dev/post/",
        ]
    )


def printed_bill() -> str:
    """The bill as it came by post, as far as linking needs it."""
    home = household(SEED, NOT_LINKED)
    place = [*home.home.address.split(", "), home.home.postcode]
    return "\n\n".join(
        [
            "\n".join([_name(home), *place]),
            "Your council tax bill",
            f"Account number: {home.account_reference()}",
            f"Online key: {home.lead.online_key}",
            "Use the number and the key to link this bill to your account. Keep them to yourself.",
            "This letter is invented: a demo.",
        ]
    )


def _name(home: Household) -> str:
    return f"{home.lead.title} {home.lead.forenames} {home.lead.surname}"
