"""Who signs in, whom the council knows, and how the one is proved to be the other."""

from accounts.models.audit import LISTED, LOOKED, AuditEvent, AuditSeal
from accounts.models.failed import FailedSignIn
from accounts.models.linking import LetterPin, LinkAttempt, LinkRequest
from accounts.models.people import Person, PersonLink, Resident
from accounts.models.removal import SecondStepRemoval

__all__ = [
    "LISTED",
    "LOOKED",
    "AuditEvent",
    "AuditSeal",
    "FailedSignIn",
    "LetterPin",
    "LinkAttempt",
    "LinkRequest",
    "Person",
    "PersonLink",
    "Resident",
    "SecondStepRemoval",
]
