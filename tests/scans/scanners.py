"""Two scanners that strangers would use, Wapiti and sqlmap: what they say of a site.

They have packages of their own, beside which ours would not fit: `requirements.txt` here, locked,
in an environment of their own that is made when they first run.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Final

REQUIREMENTS: Final = Path(__file__).resolve().parent / "requirements.txt"
HOME: Final = Path(__file__).resolve().parent.parent.parent / ".run" / "scanners"
PROGRAMS: Final = HOME / "bin"
# Holes by which what somebody typed is run, read or followed. What headers and cookies must be is
# tested page by page elsewhere.
MODULES: Final = "sql,xss,permanentxss,redirect"
# Django takes any secret of this length from a browser that has none.
SECRET: Final = "a" * 32


@dataclass(frozen=True)
class Visit:
    """The site, the cookies of whoever looks, what they do not touch, and a folder for notes."""

    site: str
    cookies: SimpleCookie
    untouched: Sequence[str]
    folder: Path

    @property
    def cookie(self) -> str:
        """As a browser sends them."""
        sent = {name: morsel.value for name, morsel in self.cookies.items()}
        return "; ".join(f"{n}={value}" for n, value in ({"csrftoken": SECRET} | sent).items())


def install() -> None:
    """Once, whoever comes first. Raises CalledProcessError where packages cannot be had."""
    stamp, wanted = HOME / "stamp", hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME.parent / "scanners.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        subprocess.run([sys.executable, "-m", "venv", "--clear", HOME], check=True)
        pip = [PROGRAMS / "python", "-m", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True)
        stamp.write_text(wanted)


def wapiti(visit: Visit, pages: Iterable[str]) -> list[str]:
    """What Wapiti finds in these pages, their links and forms: kind, address and parameter."""
    report = visit.folder / "wapiti.json"
    command: list[str | Path] = [PROGRAMS / "wapiti", "--url", f"{visit.site}/", "--depth", "1"]
    for page in pages:
        command += ["--start", f"{visit.site}{page}"]
    for page in visit.untouched:
        command += ["--exclude", f"{visit.site}{page}*"]
    command += ["--module", MODULES, "--skip", "csrfmiddlewaretoken", "--no-bugreport"]
    command += ["--header", f"Cookie: {visit.cookie}", "--verbose", "1"]
    command += ["--store-session", visit.folder, "--store-config", visit.folder]
    command += ["--format", "json", "--output", report]
    _run(command, visit.folder / "wapiti.log")
    found = json.loads(report.read_text())["vulnerabilities"]
    return [
        f"{kind}: {each['method']} {each['path']} {each['parameter']}"
        for kind, holes in found.items()
        for each in holes
    ]


def sqlmap(visit: Visit, addresses: Iterable[str]) -> list[str]:
    """The addresses and the parameters by which sqlmap speaks to the database.

    It compares what pages say: tokens of forms differ from one answer to the next.
    """
    asked, results = visit.folder / "addresses", visit.folder / "results.csv"
    asked.write_text("\n".join(f"{visit.site}{address}" for address in addresses))
    command: list[str | Path] = [PROGRAMS / "sqlmap", "-m", asked, "--batch"]
    command += ["--cookie", visit.cookie, "--drop-set-cookie", "--dbms", "PostgreSQL"]
    command += ["--technique", "BEU", "--text-only", "--disable-coloring"]
    command += ["--output-dir", visit.folder, "--results-file", results]
    _run(command, visit.folder / "sqlmap.log")
    with results.open() as file:
        rows = [row for row in csv.DictReader(file) if row["Parameter"]]
    return [f"{row['Target URL'].removeprefix(visit.site)} {row['Parameter']}" for row in rows]


def _run(command: list[str | Path], log: Path) -> None:
    """Carry it out; raises CalledProcessError, and the log has what it said."""
    with log.open("w") as file:
        subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=True)
