"""What one Civica knows, and its sessions, which remember who and what was named last."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import uuid4
from xml.etree.ElementTree import Element

from stockport.demo.civica import documents
from stockport.demo.civica.documents import Row, Style

NOBODYS = "59999999"

Form = Mapping[str, str]
Rows = dict[str, list[Row]]


@dataclass
class Session:
    """Who logged in, for whom."""

    person: str = ""
    account: str = ""
    claim: str = ""


@dataclass
class Office:
    """The rows of an extract by file, and letters by reference; a test may change them.

    Whom it does not know, it may `learn` of, by reference.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    letters: dict[str, bytes] = field(default_factory=dict)
    learn: Callable[[str], tuple[Rows, dict[str, bytes]]] = lambda person: ({}, {})
    style: Style = field(default_factory=Style)
    sessions: dict[str, Session] = field(default_factory=dict)

    def of(self, file: str, **values: str) -> list[Row]:
        """The rows of a file with these values."""
        return [row for row in self.rows[file] if all(row[k] == v for k, v in values.items())]

    def answer(self, form: Form, *, slips: bool = False) -> Element:
        """The document that is asked for; raises KeyError for one that it has not.

        Where the session `slips`, it has selected another account by then, and keeps to it.
        """
        docid = form["docid"]
        if docid == "crmlogin":
            return self._log_in()
        session = self.sessions[form["sessionId"]]
        session.account = form.get("actref", session.account)
        if slips and session.account:
            session.account = self._another(session.account)
        answers = {
            "cocrmper": self._choose,
            "ctxsel": self._select,
            "ctxdet": self._details,
            "ctxtrn": self._transactions,
            "irins": self._instalments,
            "ctxprop": self._places,
            "hbsel": self._claims,
            "hbdet": self._claim,
            "hbpaydet": self._payments,
            "viewdoc": self._letters,
        }
        return answers[docid](session, form)

    def letter(self, form: Form) -> bytes | None:
        """docdl: the file of a letter to this person, about this account or a claim, or None."""
        session, wanted = self.sessions[form["sessionId"]], form["document"]
        mine = {"reference": wanted, "person": session.person}
        about_account = self.of("documents", account=session.account, **mine)
        is_theirs = about_account or self.of("benefit_documents", **mine)
        return self.letters.get(wanted) if is_theirs else None

    def _log_in(self) -> Element:
        name = uuid4().hex
        self.sessions[name] = Session()
        root = documents.said("ErrorCode", "5")
        root.append(documents.said("SessionId", name))
        return root

    def _choose(self, session: Session, form: Form) -> Element:
        if not self.of("people", reference=form["personref"]):
            rows, letters = self.learn(form["personref"])
            for file, found in rows.items():
                self.rows[file] += found
            self.letters |= letters
        known = self.of("people", reference=form["personref"])
        session.person = form["personref"] if known else ""
        return documents.said("Description", "Person Reference Set" if known else "Not found")

    def _accounts(self, session: Session) -> list[Row]:
        mine = {row["account"] for row in self.of("liabilities", person=session.person)}
        return [row for row in self.rows["accounts"] if row["reference"] in mine]

    def _another(self, account: str) -> str:
        """An account that this one is not: with one household known, nobody's, and without rows."""
        others = [row for row in self.rows["accounts"] if row["reference"] != account]
        if not others:
            (own,) = self.of("accounts", reference=account)
            others = [own | {"reference": NOBODYS}]
            self.rows["accounts"] += others
        return others[0]["reference"]

    def _select(self, session: Session, form: Form) -> Element:
        person = self.of("people", reference=session.person)[0]
        return documents.select(person, self._accounts(session), self.style)

    def _details(self, session: Session, form: Form) -> Element:
        account = self.of("accounts", reference=session.account)[0]
        years = self.of("year_totals", account=session.account)
        charged = {row["year"]: self._before_support(session.account, row) for row in years}
        return documents.details(account, years, charged, self.style)

    def _before_support(self, account: str, year: Row) -> Decimal:
        lines = self.of("charge_lines", account=account, year=year["year"], type="support")
        return Decimal(year["charge"]) - sum((Decimal(row["amount"]) for row in lines), Decimal(0))

    def _transactions(self, session: Session, form: Form) -> Element:
        return documents.transactions(self._of_year("transactions", session, form), self.style)

    def _instalments(self, session: Session, form: Form) -> Element:
        return documents.instalments(self._of_year("instalments", session, form), self.style)

    def _of_year(self, file: str, session: Session, form: Form) -> list[Row]:
        rows = self.of(file, account=session.account)
        return [row for row in rows if row["year"].startswith(form["recyear"])]

    def _places(self, session: Session, form: Form) -> Element:
        account = self.of("accounts", reference=session.account)[0]
        home = self.of("properties", reference=account["property"])[0]
        periods = self.of("charge_periods", account=session.account)
        return documents.places(home, periods, self.style)

    def _claims(self, session: Session, form: Form) -> Element:
        return documents.claims(self.of("claims", person=session.person), self.style)

    def _claim(self, session: Session, form: Form) -> Element:
        session.claim = form["claimref"]
        claim = self.of("claims", reference=session.claim)[0]
        awards = [
            max(awards, key=lambda row: row["start"])
            for kind in ("hb", "cts")
            if (awards := self.of("awards", claim=session.claim, kind=kind))
        ]
        due = self.of("benefit_payments", claim=session.claim, kind="hb", state="due")
        return documents.claim(claim, awards, due[0] if due else None, self.style)

    def _letters(self, session: Session, form: Form) -> Element:
        mine = self.of("documents", person=session.person)
        about_claims = self.of("benefit_documents", person=session.person)
        return documents.letters(mine, about_claims, self.style)

    def _payments(self, session: Session, form: Form) -> Element:
        kind = {"prp": "hb", "ctp": "cts"}[form["type"]]
        rows = self.of("benefit_payments", claim=session.claim, kind=kind, state="paid")
        return documents.payments(rows, self.style)


def rows_of(folder: Path) -> Rows:
    """The rows of the extract in this folder, by file."""
    rows = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.stem] = list(csv.DictReader(file))
    return rows
