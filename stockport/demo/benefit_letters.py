"""The letters about a claim, as files: a copy for each person who claims."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from stockport.demo.awards import overpayments_of, payments_of
from stockport.demo.claims import Claim
from stockport.demo.decisions import Decision, decisions_of, requests_of
from stockport.demo.pdf import page
from stockport.demo.people import Person
from stockport.demo.years import tax_year
from stockport.templatetags.portal import day

TITLES = {
    "decision": "Our decision about your benefit",
    "overpayment": "We have paid you too much",
    "request": "We need more from you",
}


@dataclass(frozen=True)
class Sent:
    """Something that was written to everybody who claims."""

    type: str
    issued: date
    year: str
    number: int  # of its type
    about: str  # what a later letter of the same type replaces; empty where none does
    words: str


@dataclass(frozen=True)
class BenefitLetter:
    """A letter as it went to one person."""

    claim: Claim
    sent: Sent
    person: Person
    superseded_by: str

    @property
    def reference(self) -> str:
        """Of this person's copy."""
        return reference_of(self.claim, self.sent, self.person)

    @property
    def file(self) -> str:
        """Its name in the folder of letters."""
        return f"{self.sent.issued.year}/{self.reference}.pdf"

    @cached_property
    def pdf(self) -> bytes:
        """The letter itself."""
        home, sent = self.claim.account.home, self.sent
        name = " ".join((self.person.title, self.person.forenames, self.person.surname))
        return page(
            (
                *(day(sent.issued), "", name, home.line_1, home.postcode, ""),
                *(TITLES[sent.type], f"Claim {self.claim.reference}", "", sent.words, ""),
                "This letter is invented: a demo.",
            )
        )

    @property
    def sha256(self) -> str:
        """Of the PDF, in hexadecimal."""
        return hashlib.sha256(self.pdf).hexdigest()


def reference_of(claim: Claim, sent: Sent, person: Person) -> str:
    """The reference of a person's copy."""
    return f"{claim.reference}-{sent.type}-{sent.number}-{person.reference}"


def benefit_letters_of(claim: Claim) -> Iterator[BenefitLetter]:
    """A copy for everybody who claims; a later decision about the same year replaces one."""
    letters = sorted(_sent(claim), key=lambda sent: sent.issued)
    for place, sent in enumerate(letters):
        later = next((one for one in letters[place + 1 :] if sent.about == one.about != ""), None)
        for person in claim.account.household.people:
            replaced_by = reference_of(claim, later, person) if later else ""
            yield BenefitLetter(claim, sent, person, replaced_by)


def _sent(claim: Claim) -> Iterator[Sent]:
    # One letter tells of all that is decided on a day; decisions about both helps come together.
    by_letter = groupby(sorted(decisions_of(claim), key=_day_and_year), key=_day_and_year)
    for number, ((decided, year), told) in enumerate(by_letter, start=1):
        words = " ".join(dict.fromkeys(one.reason for one in told))
        yield Sent("decision", decided, year, number, year, words)
    for number, over in enumerate(overpayments_of(claim, payments_of(claim)), start=1):
        words = f"For {day(over.start)} to {day(over.end)}."
        yield Sent("overpayment", over.decided, tax_year(over.start).name, number, "", words)
    for number, asked in enumerate(requests_of(claim), start=1):
        yield Sent("request", asked.asked, tax_year(asked.asked).name, number, "", asked.item)


def _day_and_year(told: Decision) -> tuple[date, str]:
    return told.decided, tax_year(told.start).name
