"""A service that has two rows of somebody and must keep one of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Resident
from stockport.services import Erasure, Kept, Service

RULE = "Limitation Act 1980, section 9"


class Keeps(Service):
    slug = "keeps"
    title = "Keeps"
    summary = "Keeps one row."

    def export(self, resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
        yield "rows", [{"email": resident.email, "amount": Decimal("1.10")}]

    def erase(self, resident: Resident) -> Erasure:
        kept = Kept(what="your payments", rows=1, rule=RULE, until=date(2033, 4, 5))
        return Erasure(deleted=1, kept=(kept,))


service = Keeps()
