"""Pages that show a resident's claims."""

from benefits.views.claims import claim, index, overpayments, worked_out
from benefits.views.estimate import estimate
from benefits.views.payments import payments, payments_csv

__all__ = ["claim", "estimate", "index", "overpayments", "payments", "payments_csv", "worked_out"]
