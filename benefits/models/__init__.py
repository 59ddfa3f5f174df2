"""Claims for Housing Benefit and Council Tax Support, as the back office last told them."""

from benefits.models.awards import Award, AwardLine, Kind
from benefits.models.claims import Claim, ClaimMember
from benefits.models.decisions import Decision, EvidenceRequest
from benefits.models.drafts import ClaimDraft
from benefits.models.letters import Document, Opening
from benefits.models.overpayments import Overpayment, Recovery
from benefits.models.papers import Paper, Sending
from benefits.models.payments import BenefitPayment
from benefits.models.request import ClaimRequest

__all__ = [
    "Award",
    "AwardLine",
    "BenefitPayment",
    "Claim",
    "ClaimDraft",
    "ClaimMember",
    "ClaimRequest",
    "Decision",
    "Document",
    "EvidenceRequest",
    "Kind",
    "Opening",
    "Overpayment",
    "Paper",
    "Recovery",
    "Sending",
]
