"""Pages that show a resident's claims."""

from benefits.views.claims import claim, index, overpayments, worked_out
from benefits.views.estimate import estimate
from benefits.views.letters import letter, letters
from benefits.views.papers import evidence, paper, sent
from benefits.views.payments import payments, payments_csv
from benefits.views.requests import forget, request
from benefits.views.what_if import what_if

__all__ = [
    "claim",
    "estimate",
    "evidence",
    "forget",
    "index",
    "letter",
    "letters",
    "overpayments",
    "paper",
    "payments",
    "payments_csv",
    "request",
    "sent",
    "what_if",
    "worked_out",
]
