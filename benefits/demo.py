"""The demo benefits team's queue, and its letters as files in private storage."""

from __future__ import annotations

from datetime import date

from benefits.models import Document
from benefits.papers import DESTINATION
from stockport.demo.benefit_letters import benefit_letters_of
from stockport.demo.borough import SEED, claims_of
from stockport.demo.printing import print_letters
from stockport.demo.queues import open_queue


def seed(today: date) -> None:
    """Where papers and requests go, and the letters that are not there yet."""
    open_queue(DESTINATION, "benefits team")
    claims = claims_of(SEED, today)
    letters = (letter for claim in claims for letter in benefit_letters_of(claim))
    print_letters(Document.objects.all(), letters)
