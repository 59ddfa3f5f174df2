"""Looks what is installed up in the public lists of known weaknesses: `make audit`.

A list that cannot be reached is said so and fails nothing: a machine without the internet can
still be checked. pip-audit by itself would then report “no known vulnerabilities” (or, strictly,
an error); npm an error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Found = list[str]
PIP_AUDIT = (
    *("pip-audit", "--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off"),
    *("--format", "json", "--requirement", "requirements-dev.txt"),
)
NPM_AUDIT = ("npm", "audit", "--json")


class NotReached(Exception):
    """The list of weaknesses did not answer."""


def of_python(answer: str) -> Found:
    """What pip-audit found, as “package version: weakness, mended in …”; NotReached."""
    packages = _read(answer).get("dependencies", [])
    if not packages or any("vulns" not in package for package in packages):
        raise NotReached
    return [
        f"{package['name']} {package['version']}: {weakness['id']}, "
        f"mended in {', '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in packages
        for weakness in package["vulns"]
    ]


def of_node(answer: str) -> Found:
    """What npm found, as “package: how bad”; NotReached."""
    found = _read(answer).get("vulnerabilities")
    if found is None:
        raise NotReached
    return [f"{name}: {weakness['severity']}" for name, weakness in found.items()]


def _read(answer: str) -> dict[str, Any]:
    try:
        read = json.loads(answer)
    except ValueError:
        raise NotReached from None
    return read if isinstance(read, dict) else {}


def report(name: str, answer: str, reading: Callable[[str], Found]) -> bool:
    """Print what was found; whether that is nothing, as far as anybody could ask."""
    try:
        found = reading(answer)
    except NotReached:
        print(f"{name}: skipped, the list of known weaknesses cannot be reached.")  # noqa: T201
        return True
    print(f"{name}: {len(found)} known weaknesses.", *found, sep="\n  ")  # noqa: T201
    return not found


def _ask(command: tuple[str, ...]) -> str:
    """What the command prints; both end with an error as soon as they find something."""
    name = Path(sys.executable).parent / command[0]
    first = str(name) if name.exists() else command[0]
    return subprocess.run(
        (first, *command[1:]), capture_output=True, text=True, check=False, timeout=300
    ).stdout


if __name__ == "__main__":
    results = [
        report("Python packages", _ask(PIP_AUDIT), of_python),
        report("Node packages", _ask(NPM_AUDIT), of_node),
    ]
    sys.exit(0 if all(results) else 1)
