"""Whether an account number can be one of its sort code: Pay.UK's modulus check (docs/adr/0032).

The rules are those of “Validating account numbers: UK modulus checking”, with its names: u to z are
the digits of the sort code, a to h those of the account number. Which rule is whose stands in
Pay.UK's tables, which a council fetches itself.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings

logger = logging.getLogger(__name__)

WEIGHTS, SUBSTITUTES = "valacdos.txt", "scsubtab.txt"  # as Pay.UK names them
MODULUS: Final = {"MOD10": 10, "MOD11": 11, "DBLAL": 10}
DIGITS = 14  # of a sort code and an account number
# Exceptions whose two rules are two kinds of account: either is enough.
EITHER = {2, 10, 12}
# Sort codes that stand in for others in the check.
STAND_INS = {8: "090126", 9: "309634"}
# Exception 2: the weights of numbers that do not begin with 0, and of those whose g is 9.
EURO = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
EURO_NINE = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)


@dataclass(frozen=True)
class Rule:
    """A line of the table: how the numbers of a range of sort codes are checked."""

    first: str
    last: str
    method: str
    weights: tuple[int, ...]
    exception: int = 0


class Tables(NamedTuple):
    """Both tables of Pay.UK."""

    rules: tuple[Rule, ...]
    substitutes: Mapping[str, str]


def is_possible(sort_code: str, account: str) -> bool | None:
    """Whether the account (8 digits) can exist; None where that was not checked.

    It is not where the council has no tables, where they say nothing of the sort code, and for
    accounts in foreign currency. A table that cannot be read is a matter for staff, not for the
    resident.
    """
    if not settings.MODULUS_TABLES:
        return None
    try:
        tables = read(Path(settings.MODULUS_TABLES))
    except (OSError, ValueError):
        logger.exception("The tables of the modulus check cannot be read.")
        return None
    return check(tables, sort_code, account)


def read(folder: Path) -> Tables:
    """The tables in a folder, read again once a file has changed; OSError, or ValueError for a line
    that is none.
    """
    files = (folder / WEIGHTS, folder / SUBSTITUTES)
    return _read(*files, *(file.stat().st_mtime_ns for file in files))


@lru_cache(maxsize=1)
def _read(weights: Path, substitutes: Path, *changed: int) -> Tables:
    return Tables(
        tuple(_rule(line.split()) for line in _lines(weights)),
        dict(_pair(line.split()) for line in _lines(substitutes)),
    )


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="ascii").splitlines() if line.strip()]


def _rule(words: list[str]) -> Rule:
    first, last, method, *numbers = words
    if method not in MODULUS or len(numbers) not in (DIGITS, DIGITS + 1):
        raise ValueError(f"{WEIGHTS} has a line that is none: {' '.join(words)}")
    weights, exception = numbers[:DIGITS], numbers[DIGITS:]
    return Rule(first, last, method, tuple(map(int, weights)), *map(int, exception))


def _pair(words: list[str]) -> tuple[str, str]:
    original, substitute = words
    return original, substitute


def check(tables: Tables, sort_code: str, account: str) -> bool | None:
    """Whether the account passes every rule of its sort code, or either where that is enough; None
    where no rule speaks of it.
    """
    rules = [rule for rule in tables.rules if rule.first <= sort_code <= rule.last]
    if not rules or any(rule.exception == 6 and _is_foreign(account) for rule in rules):
        return None
    passed = (_passes(rule, _stand_in(rule, tables, sort_code), account) for rule in rules)
    return any(passed) if rules[0].exception in EITHER else all(passed)


def _is_foreign(account: str) -> bool:
    return account[0] in "45678" and account[6] == account[7]


def _stand_in(rule: Rule, tables: Tables, sort_code: str) -> str:
    if rule.exception == 5:
        return tables.substitutes.get(sort_code, sort_code)
    return STAND_INS.get(rule.exception, sort_code)


def _passes(rule: Rule, sort_code: str, account: str) -> bool:
    if rule.exception == 3 and account[2] in "69":
        return True
    if _adds_up(rule, sort_code, account):
        return True
    # Some numbers of this bank have a digit more at the end, which is left out then.
    is_longer = rule.exception == 14 and account[7] in "019"
    return is_longer and _adds_up(rule, sort_code, f"0{account[:7]}")


def _adds_up(rule: Rule, sort_code: str, account: str) -> bool:
    modulus = MODULUS[rule.method]
    remainder = _total(rule, sort_code + account, _weights(rule, account)) % modulus
    if rule.exception == 4:
        return remainder == int(account[6:])
    if rule.exception == 5:
        digit = account[6] if rule.method == "MOD11" else account[7]
        return (modulus - remainder) % modulus == int(digit)
    return remainder == 0


def _weights(rule: Rule, account: str) -> tuple[int, ...]:
    is_nine = account[6] == "9"
    if rule.exception == 2 and account[0] != "0":
        return EURO_NINE if is_nine else EURO
    is_short = rule.exception == 7 or (rule.exception == 10 and account[:2] in ("09", "99"))
    return (0,) * 8 + rule.weights[8:] if is_nine and is_short else rule.weights


def _total(rule: Rule, digits: str, weights: tuple[int, ...]) -> int:
    products = [int(digit) * weight for digit, weight in zip(digits, weights, strict=True)]
    if rule.method != "DBLAL":
        return sum(products)
    added = 27 if rule.exception == 1 else 0
    return added + sum(int(digit) for product in products for digit in str(product))
