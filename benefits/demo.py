"""The demo benefits team's queue."""

from __future__ import annotations

from datetime import date

from benefits.papers import DESTINATION
from stockport.demo.queues import open_queue


def seed(today: date) -> None:
    """Where papers and requests go."""
    open_queue(DESTINATION, "benefits team")
