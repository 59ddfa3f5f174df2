"""What the council's back office says about council tax: it owns every row, the portal shows it."""

from council_tax.models.account import Account, Liability
from council_tax.models.charge import ChargeLine, ChargePeriod, Element, YearTotal
from council_tax.models.letter import Document, Notice
from council_tax.models.opening import Opening
from council_tax.models.payment import Instalment, Transaction
from council_tax.models.place import Property
from council_tax.models.request import Request

__all__ = [
    "Account",
    "ChargeLine",
    "ChargePeriod",
    "Document",
    "Element",
    "Instalment",
    "Liability",
    "Notice",
    "Opening",
    "Property",
    "Request",
    "Transaction",
    "YearTotal",
]
