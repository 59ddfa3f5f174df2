"""Extracts on disk: households whose figures add up, until a test changes a cell."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from stockport.feeds.tables import declared

FIRST_NIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)
APPS = ("accounts", "council_tax")

Row = dict[str, str]


class ExtractFolder:
    """Rows by file, that can be changed before they are written."""

    def __init__(self, night: int = 0) -> None:
        self.source = "revenues"
        self.kind = "full"
        self.extracted_at = FIRST_NIGHT + timedelta(days=night)
        self.since: datetime | None = None
        self.rows: dict[str, list[Row]] = {
            table.file: [] for table in declared().values() if table.model.split(".")[0] in APPS
        }
        self.manifest: dict[str, object] = {}

    def row(self, file: str, index: int = 0) -> Row:
        """A row that a test may change."""
        return self.rows[file][index]

    def of_account(self, file: str, reference: str) -> list[Row]:
        """The rows of one account."""
        return [row for row in self.rows[file] if account_of(row) == reference]

    def without(self, *references: str) -> ExtractFolder:
        """The same extract without these accounts."""
        for file, rows in self.rows.items():
            if file not in ("people.csv", "properties.csv", "elements.csv"):
                self.rows[file] = [row for row in rows if account_of(row) not in references]
        return self

    def write(self, folder: Path) -> Path:
        """Write the files and a manifest that is right; gives the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        files = {}
        for file, rows in self.rows.items():
            path = folder / file
            names = [column.name for column in declared()[file].columns]
            with path.open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, names, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            files[file] = {"rows": len(rows), "sha256": digest(path)}
        self.manifest = {
            "source": self.source,
            "extracted_at": self.extracted_at.isoformat(),
            "kind": self.kind,
            "files": files,
        }
        if self.since:
            self.manifest["since"] = self.since.isoformat()
        save_manifest(folder, self.manifest)
        return folder


def account_of(row: Row) -> str:
    """The account that a row belongs to, or is."""
    return row.get("account", row.get("reference", ""))


def digest(path: Path) -> str:
    """The SHA-256 of a file, as the manifest gives it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_manifest(folder: Path, manifest: dict[str, object]) -> None:
    """Write the manifest, right or wrong."""
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    """Change a file's text and give the manifest the new hash, as a faulty exporter would."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][file]["sha256"] = digest(path)
    save_manifest(folder, manifest)


def reference_of(number: int) -> str:
    """The account reference of household number `number`."""
    return f"50{number:08}"


def borough(households: int = 4, night: int = 0) -> ExtractFolder:
    """An extract of households 1, 2, …: one account each, a discount, two payments of ten."""
    extract = ExtractFolder(night)
    extract.rows["elements.csv"] = [
        {"year": "2026/27", "band": "A", "element": "council", "amount": "1000.00"},
        {"year": "2026/27", "band": "A", "element": "police_and_mayoral", "amount": "200.00"},
    ]
    for number in range(1, households + 1):
        _add_household(extract, number)
    return extract


def _add_household(extract: ExtractFolder, number: int) -> None:
    account, rows = reference_of(number), extract.rows
    year = {"account": account, "year": "2026/27"}
    rows["people.csv"].append({"reference": f"P{number}", "surname": "Shaw", "forenames": "Ada"})
    rows["properties.csv"].append(
        {
            "reference": f"R{number}",
            "uprn": str(100000 + number),
            "address_line_1": f"{number} High Street, “The Flat”",
            "postcode": "SK1 3XE",
            "band": "A",
        }
    )
    rows["accounts.csv"].append(
        {
            "reference": account,
            "property": f"R{number}",
            "status": "open",
            "opened": "2020-04-01",
            "balance": "720.00",
            "payment_method": "direct_debit",
            "payment_day": "1",
            "bank_last4": "4321",
            "stage": "bill",
            "arrangement": "false",
        }
    )
    rows["liabilities.csv"].append(
        {"account": account, "person": f"P{number}", "role": "lead", "start": "2020-04-01"}
    )
    rows["charge_periods.csv"].append(
        {
            **year,
            "sequence": "1",
            "start": "2026-04-01",
            "end": "2027-03-31",
            "days": "365",
            "band_listed": "A",
            "band_charged": "A",
            "gross": "1200.00",
            "net": "900.00",
        }
    )
    rows["charge_lines.csv"].append(
        {
            **year,
            "sequence": "1",
            "line": "1",
            "type": "discount",
            "code": "SPD",
            "reason": "Only one adult lives here",
            "percent": "25",
            "amount": "-300.00",
        }
    )
    rows["year_totals.csv"].append({**year, **_totals()})
    rows["instalments.csv"].extend(
        {
            **year,
            "number": str(n + 1),
            "due": f"2026-{4 + n:02}-01" if n < 9 else "2027-01-01",
            "amount": "90.00",
            "paid": "90.00" if n < 2 else "0.00",
            "direct_debit": "true",
        }
        for n in range(10)
    )
    rows["transactions.csv"].extend(_transactions(account))
    bill = {**year, "type": "bill", "issued": "2026-03-10"}
    rows["notices.csv"].append({**bill, "reference": f"N{number}", "amount": "900.00"})
    rows["documents.csv"].append(
        {
            **bill,
            "reference": f"D{number}",
            "person": f"P{number}",
            "pages": "2",
            "sha256": hashlib.sha256(account.encode()).hexdigest(),
            "size": "10",
            "file": f"2026/D{number}.pdf",
        }
    )


def _totals() -> Row:
    zero = dict.fromkeys(("refunds", "costs", "penalties", "transfers", "write_offs"), "0.00")
    return {"charge": "900.00", "payments": "180.00", "outstanding": "720.00", **zero}


def _transactions(account: str) -> list[Row]:
    moves = [
        ("2026-03-10", "charge", "", "900.00"),
        ("2026-04-01", "payment", "DIRECTDEBIT", "-90.00"),
        ("2026-05-01", "payment", "DIRECTDEBIT", "-90.00"),
    ]
    return [
        {
            "account": account,
            "number": str(number),
            "year": "2026/27",
            "posted": posted,
            "type": kind,
            "subcode": subcode,
            "amount": amount,
        }
        for number, (posted, kind, subcode, amount) in enumerate(moves, 1)
    ]


def total(rows: list[Row], column: str) -> Decimal:
    """What a column of rows adds up to, in pounds."""
    return sum((Decimal(row[column]) for row in rows), Decimal(0))
