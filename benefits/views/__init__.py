"""Pages that show a resident's claims."""

from benefits.views.claims import claim, index, overpayments, worked_out
from benefits.views.estimate import estimate
from benefits.views.letters import letter, letters
from benefits.views.papers import evidence, paper, sent
from benefits.views.payments import payments, payments_csv

__all__ = [
    "claim",
    "estimate",
    "evidence",
    "index",
    "letter",
    "letters",
    "overpayments",
    "paper",
    "payments",
    "payments_csv",
    "sent",
    "worked_out",
]
