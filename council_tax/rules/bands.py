"""What a band costs, as a check of what was published and for estimates (pure).

A published charge is never worked out here: each element of a table was rounded by itself, so the
back office's own figures are pennies off the ninths. They are shown as they are.
"""

from __future__ import annotations

from decimal import Decimal

from stockport.money import PENNY, to_pennies

# Local Government Finance Act 1992, section 5(1): proportions of band D. A- is band A after the
# disabled band reduction (SI 1999/1004, regulation 2).
NINTHS = {"A-": 5, "A": 6, "B": 7, "C": 8, "D": 9, "E": 11, "F": 13, "G": 15, "H": 18}
# SI 1992/554: charged as the next band down.
BELOW = dict(zip("BCDEFGH", "ABCDEFG", strict=True)) | {"A": "A-"}
# Each element of a published table was rounded by itself.
TOLERANCE = PENNY


def band_charge(band_d: Decimal, band: str) -> Decimal:
    """What the band ("A-", "A" to "H") pays for a year, in pounds to the penny, where band D pays
    `band_d`.

    Source: Local Government Finance Act 1992, section 5(1): ninths of band D. Raises ValueError
    for a band that there is not in England.
    """
    if band not in NINTHS:
        raise ValueError(f"{band!r} is not a band: use one of {', '.join(NINTHS)}.")
    return to_pennies(band_d * NINTHS[band] / 9)


def band_with_disabled_reduction(band: str) -> str:
    """The band that a home of this band is charged as after the disabled band reduction.

    Source: SI 1992/554, regulation 4. Raises ValueError for a band that there is not.
    """
    if band not in BELOW:
        raise ValueError(f"{band!r} is not a band: use one of {', '.join(BELOW)}.")
    return BELOW[band]


def agrees_with_ninths(band_d: Decimal, band: str, published: Decimal) -> bool:
    """Whether one element of a published table is what the ninths say, to a penny.

    It refuses a table that is pounds out, as copies on the web are.
    """
    return abs(band_charge(band_d, band) - published) <= TOLERANCE
