"""Pounds and pence: Decimal to the penny, halves rounded up (architecture, section 8)."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import format_html

PENNY = Decimal("0.01")
MINUS = "\N{MINUS SIGN}"


def to_pennies(amount: Decimal) -> Decimal:
    """The amount in pounds, rounded to the penny, halves away from zero."""
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def pounds(amount: Decimal) -> str:
    """The amount as printed, without its sign: £1,234.50."""
    return f"£{abs(to_pennies(amount)):,.2f}"


def signed_pounds(amount: Decimal) -> str:
    """The same, below zero with a minus sign that stays on the line of its figure."""
    if amount >= 0:
        return pounds(amount)
    return format_html('<span class="portal-amount">{}{}</span>', MINUS, pounds(amount))
