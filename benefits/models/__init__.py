"""Claims for Housing Benefit and Council Tax Support, as the back office last told them."""

from benefits.models.awards import Award, BenefitPayment, Kind
from benefits.models.claims import Claim
from benefits.models.overpayments import Overpayment

__all__ = ["Award", "BenefitPayment", "Claim", "Kind", "Overpayment"]
