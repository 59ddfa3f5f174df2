"""Civica's letters: the list of one person's, and the files of those that are not here yet.

A letter that cannot be had is left out, and staff see why: no figures wait for it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as fields
from datetime import date
from xml.etree.ElementTree import Element

from stockport.feeds.civica.client import Away, Conversation
from stockport.feeds.civica.reading import (
    WrongAnswer,
    field,
    iso,
    needed_day,
    year_name,
    year_of,
)
from stockport.feeds.civica.tax import choose_account
from stockport.feeds.held import Row
from stockport.letters.finding import is_here

# A letter goes by its name: codes of types are each council's own.
NAME = re.compile(
    r"(?:council tax |housing benefit |benefit )?(?P<kind>[a-z ]+?)(?: notice| letter)?"
    r"(?: (?:for )?\d{4}[/-]\d{2,4})?"
)
# Each is a call: the older ones of a long list come with the next visits.
MOST_AT_ONCE = 10


@dataclass(frozen=True)
class Register:
    """Where letters about one thing are listed, and what their names in Civica mean."""

    file: str
    owner: str
    kinds: dict[str, str]

    def kind(self, name: str) -> str:
        """What a letter of this name is."""
        known = NAME.fullmatch(name)
        return self.kinds.get(known["kind"], "letter") if known else "letter"


TAX = Register(
    "documents.csv",
    "account",
    {
        "bill": "bill",
        "demand": "bill",
        "second reminder": "second_reminder",
        "reminder": "reminder",
        "final": "final_notice",
        "summons": "summons",
        "liability order": "liability_order",
    },
)
BENEFITS = Register(
    "benefit_documents.csv",
    "claim",
    {
        "notification": "decision",
        "decision": "decision",
        "overpayment": "overpayment",
        "invoice": "invoice",
    },
)
BENEFIT_LETTER = "notif"
YEAR = re.compile(r"\b(\d{4})[/-]\d{2}")
# What the portal's own names of files may have.
REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,60}")
MARCH = 3


@dataclass
class Post:
    """Files by their name in the folder of letters, and why others were left out."""

    files: dict[str, bytes] = fields(default_factory=dict)
    left_out: Counter[str] = fields(default_factory=Counter)

    @property
    def reasons(self) -> list[str]:
        """Each reason with the number of letters, for staff."""
        return [f"Letters left out, {number}: {why}" for why, number in self.left_out.items()]

    @contextmanager
    def leaving_out(self) -> Iterator[None]:
        """Go on without what cannot be used."""
        try:
            yield
        except WrongAnswer as wrong:
            self.left_out[str(wrong)] += 1


def read_letters(
    civica: Conversation, person: str, owners: Collection[str], rows: dict[str, list[Row]]
) -> Post:
    """Fetch the person's letters about these accounts and claims that are not here, and add rows
    for those that are not held.
    """
    post = Post()
    try:
        for register, row in _wanted(civica, person, owners, rows, post)[:MOST_AT_ONCE]:
            _fetch(civica, register, row, rows, post)
    except Away as away:
        post.left_out[str(away)] += 1
    return post


def _wanted(
    civica: Conversation,
    person: str,
    owners: Collection[str],
    rows: dict[str, list[Row]],
    post: Post,
) -> list[tuple[Register, Row]]:
    """The newest first. One that is held as somebody else's stays theirs."""
    wanted = []
    for each in _listed(civica, post):
        register = BENEFITS if field(each, "@type").lower() == BENEFIT_LETTER else TAX
        if field(each, "Ref1") in owners:
            with post.leaving_out():
                row = _held(each, register, rows) or _letter(each, register, person)
                if row["person"] == person and not _has_file(row):
                    wanted.append((register, row))
    return sorted(wanted, key=lambda one: one[1]["issued"], reverse=True)


def _listed(civica: Conversation, post: Post) -> list[Element]:
    with post.leaving_out():
        return list(civica.several("viewdoc", "Document", type="all"))
    return []


def _held(each: Element, register: Register, rows: dict[str, list[Row]]) -> Row | None:
    key = field(each, "Ref1"), field(each, "@id")
    held = (row for row in rows[register.file] if (row[register.owner], row["reference"]) == key)
    return next(held, None)


def _has_file(row: Row) -> bool:
    return bool(row["sha256"]) and is_here(row["file"], int(row["size"]), row["sha256"])


def _letter(each: Element, register: Register, person: str) -> Row:
    """A row for a letter that no extract has named: whose list it is in, it is addressed to."""
    owner, reference = field(each, "Ref1"), field(each, "@id")
    if not REFERENCE.fullmatch(reference):
        raise WrongAnswer("Civica's viewdoc has a letter whose id cannot name a file.")
    name = " ".join(field(each, "DocumentName").lower().split())
    kind, issued = register.kind(name), needed_day(field(each, "@datecreated"))
    return {
        register.owner: owner,
        "reference": reference,
        "type": kind,
        "issued": iso(issued),
        "year": _year(name, kind, issued),
        "person": person,
        "superseded_by": "",
        "pages": "",
        "sha256": "",
        "size": "",
        "file": f"civica/{owner}-{reference}.pdf",
    }


def _year(name: str, kind: str, issued: date) -> str:
    """The year in its name; else a bill of March is about the year that follows."""
    if named := YEAR.search(name):
        return year_name(named[1])
    is_annual = kind == "bill" and issued.month == MARCH
    return year_name(str(issued.year)) if is_annual else year_of(issued)


def _fetch(
    civica: Conversation, register: Register, row: Row, rows: dict[str, list[Row]], post: Post
) -> None:
    with post.leaving_out():
        if register is TAX:
            choose_account(civica, row[register.owner])
        content = civica.pdf("docdl", document=row["reference"])
        facts = {"size": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}
        if not row["sha256"]:
            rows[register.file].append(row | facts)
        elif row != row | facts:
            raise WrongAnswer("Civica's docdl is another file than the extract says.")
        post.files[row["file"]] = content
