"""The codes of the back office that the portal knows, with the words for staff."""

from __future__ import annotations

from django.db import models


class Band(models.TextChoices):
    """Valuation bands of England, and band A with a disabled band reduction (5/9 of band D)."""

    A_REDUCED = "A-", "A, reduced"
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"
    E = "E", "E"
    F = "F", "F"
    G = "G", "G"
    H = "H", "H"


LISTED_BANDS = [band for band in Band.values if band != Band.A_REDUCED]


class Status(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class PaymentMethod(models.TextChoices):
    DIRECT_DEBIT = "direct_debit", "Direct Debit"
    STANDING_ORDER = "standing_order", "Standing order"
    CARD = "card", "Debit or credit card"
    CASH = "cash", "Cash"


class BillsBy(models.TextChoices):
    PAPER = "paper", "On paper, by post"
    ONLINE = "online", "Only online, without paper"


class Stage(models.TextChoices):
    BILL = "bill", "Bill"
    REMINDER = "reminder", "Reminder"
    SECOND_REMINDER = "second_reminder", "Second reminder"
    FINAL_NOTICE = "final_notice", "Final notice"
    SUMMONS = "summons", "Summons"
    LIABILITY_ORDER = "liability_order", "Liability order"
    OTHER = "other", "Another stage"


class Hold(models.TextChoices):
    BREATHING_SPACE = "breathing_space", "Breathing space"
    DISPUTE = "dispute", "Dispute"
    OTHER = "other", "Another reason"


class Role(models.TextChoices):
    LEAD = "lead", "First named"
    JOINT = "joint", "Jointly liable"


class ElementKind(models.TextChoices):
    COUNCIL = "council", "Council, including adult social care"
    COUNCIL_GENERAL = "council_general", "Council services"
    ADULT_SOCIAL_CARE = "adult_social_care", "Adult social care"
    POLICE_AND_MAYORAL = "police_and_mayoral", "Police and Mayor, including fire services"
    POLICE = "police", "Police"
    MAYORAL_GENERAL = "mayoral_general", "Mayor, including fire services"
    PARISH = "parish", "Parish council"
    OTHER = "other", "Other"


class LineType(models.TextChoices):
    DISCOUNT = "discount", "Discount"
    EXEMPTION = "exemption", "Exemption"
    PREMIUM = "premium", "Premium"
    DISABLED = "disabled", "Disabled reduction"
    SUPPORT = "support", "Council Tax Support"
    DISCRETIONARY = "discretionary", "Discretionary reduction"
    OTHER = "other", "Adjustment"


class TransactionType(models.TextChoices):
    CHARGE = "charge", "Charge"
    PAYMENT = "payment", "Payment"
    REFUND = "refund", "Refund"
    COSTS = "costs", "Court costs"
    PENALTY = "penalty", "Penalty"
    SUPPORT = "support", "Council Tax Support"
    DISCOUNT = "discount", "Discount"
    EXEMPTION = "exemption", "Exemption"
    PREMIUM = "premium", "Premium"
    TRANSFER = "transfer", "Transfer"
    WRITE_OFF = "write_off", "Write-off"
    OTHER = "other", "Other"


class NoticeType(models.TextChoices):
    BILL = "bill", "Bill"
    REMINDER = "reminder", "Reminder"
    SECOND_REMINDER = "second_reminder", "Second reminder"
    FINAL_NOTICE = "final_notice", "Final notice"
    SUMMONS = "summons", "Summons"
    LIABILITY_ORDER = "liability_order", "Liability order"
    OTHER = "other", "Another notice"


class DocumentType(models.TextChoices):
    BILL = "bill", "Bill"
    REMINDER = "reminder", "Reminder"
    SECOND_REMINDER = "second_reminder", "Second reminder"
    FINAL_NOTICE = "final_notice", "Final notice"
    SUMMONS = "summons", "Summons"
    LIABILITY_ORDER = "liability_order", "Liability order"
    LETTER = "letter", "Letter"
    OTHER = "other", "Another document"
