"""The table that a run of the drills prints, row by row."""

from __future__ import annotations

import sys

from tests.drills.verdict import Verdict

HEADINGS = (
    "submitted", "delivered", "staff", "duplicated", "lost", "stuck",
    "worst delay", "submit", "ratio", "verdict",
)  # fmt: skip
WIDTHS = (9, 9, 5, 10, 4, 5, 11, 7, 5, 0)
NAME = 34


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line.rstrip()}\n")
    sys.stdout.flush()


def head(title: str) -> None:
    """The first line of a table."""
    say("")
    say(_line(title, HEADINGS))


def row(name: str, verdict: Verdict, usual: float, said: str) -> None:
    """One scenario; `usual` is the median of a submission without a fault, in seconds."""
    figures = (
        verdict.submitted, verdict.delivered, verdict.staff, verdict.duplicated, verdict.lost,
        verdict.stuck, f"{verdict.worst_delay:.1f} s", f"{verdict.submit * 1000:.0f} ms",
        f"{verdict.submit / usual:.2f}", said,
    )  # fmt: skip
    say(_line(name, figures))


def note(name: str, said: str) -> None:
    """A scenario without figures."""
    say(_line(name, ("-",) * (len(HEADINGS) - 1) + (said,)))


def _line(name: str, cells: tuple[object, ...]) -> str:
    shown = [f"{cell!s:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)]
    return f"{name:{NAME}}" + "  ".join(shown)
