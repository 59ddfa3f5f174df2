"""UK mobile numbers: pure functions."""

from __future__ import annotations

import re

# After +44. 070 are personal numbers and 076 pagers, but for 07624 on the Isle of Man (Ofcom,
# National Telephone Numbering Plan, S4).
MOBILE = re.compile(r"(?:7[1-57-9]\d{2}|7624)\d{6}", re.ASCII)
PREFIX = re.compile(r"(?:\+44|0044|44)0?|0")
BETWEEN = re.compile(r"[\s().\-\u2010-\u2015]")


class NotMobile(ValueError):
    """It is not the number of a UK mobile phone."""


def uk_mobile(typed: str) -> str:
    """The number in the form +447700900123, however it was typed; raises NotMobile."""
    digits = BETWEEN.sub("", typed)
    prefix = PREFIX.match(digits)
    number = digits[prefix.end() :] if prefix else digits
    if not MOBILE.fullmatch(number):
        raise NotMobile(typed)
    return f"+44{number}"


def spoken(number: str) -> str:
    """As people write it: 07700 900123."""
    return f"0{number[3:7]} {number[7:]}"
