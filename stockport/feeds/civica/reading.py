"""How Civica writes values: padded, dates in several ways, signs that mean little.

Nothing here quotes what it could not read: it may be personal, and reasons are kept.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

DATES = ("%Y%m%d", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")
# A date from here on means that there is no end.
OPEN_FROM = 2090
APRIL = 4
PENNY = Decimal("0.01")


class WrongAnswer(Exception):
    """Civica answered what cannot be used."""


def field(element: Element, path: str) -> str:
    """The text of an element below, or `@name` of this one, trimmed; empty where there is none."""
    where, _, attribute = path.partition("@")
    found = element.find(f".//{where}") if where else element
    if found is None:
        return ""
    return (found.get(attribute, "") if attribute else found.text or "").strip()


def money(element: Element, path: str) -> Decimal:
    """Pounds; nothing where it is empty. Thousands may have commas, and a minus may follow."""
    text = field(element, path).replace(",", "").replace("£", "")
    if text.endswith("-"):
        text = f"-{text[:-1]}"
    try:
        return Decimal(text or "0").quantize(PENNY)
    except InvalidOperation:
        raise WrongAnswer(f"Civica's {path} is not an amount.") from None


def day(text: str) -> date | None:
    """The date, None where it is empty or so far ahead that it means open."""
    text = text.strip()
    if not text:
        return None
    for form in DATES:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        return found if found.year < OPEN_FROM else None
    raise WrongAnswer("Civica wrote a date that cannot be read.")


def needed_day(text: str) -> date:
    """The date; raises WrongAnswer where there is none."""
    found = day(text)
    if found is None:
        raise WrongAnswer("Civica left out a date.")
    return found


def year_name(text: str) -> str:
    """A financial year as the portal names it: 2026/27 of 2026, 2026/27 or 2026/2027."""
    first = text.strip()[:4]
    if not first.isdigit():
        raise WrongAnswer("Civica wrote a year that cannot be read.")
    return f"{first}/{(int(first) + 1) % 100:02}"


def year_of(when: date) -> str:
    """The financial year that a day lies in."""
    return year_name(str(when.year if when.month >= APRIL else when.year - 1))


def iso(when: date | None) -> str:
    """The date as extracts have it; empty for none."""
    return when.isoformat() if when else ""
