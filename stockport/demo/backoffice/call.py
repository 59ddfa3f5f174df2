"""A call to the demo back office, and how its parameters are read (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from stockport.demo.backoffice.strict import Refused

LONGEST_RANGE = timedelta(days=90)
LONGEST_LIST = 1000
Form = Mapping[str, list[str]]


@dataclass(frozen=True)
class Call:
    """What somebody asks for. `files` are uploads by the name of their part."""

    form: Form
    key: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def get(self, name: str) -> str:
        """The first value of the field, or an empty string."""
        return self.form.get(name, [""])[0]

    def words(self, name: str) -> list[str]:
        """The values of a comma list."""
        return [word.strip() for word in self.get(name).split(",") if word.strip()]


def time_range(call: Call) -> tuple[float, float]:
    """Start and end as Unix times: at most 90 days, by default the last 90; raises Refused."""
    end = moment_in(call, "end_date") or datetime.now(UTC) + timedelta(minutes=1)
    start = moment_in(call, "start_date") or end - LONGEST_RANGE
    if end - start > LONGEST_RANGE:
        raise Refused(400, "start_date and end_date may be 90 days apart at most.")
    return start.timestamp(), end.timestamp()


def moment_in(call: Call, name: str) -> datetime | None:
    """The time in the field, in W3C's form with an offset; raises Refused."""
    value = call.get(name)
    if not value:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise Refused(400, f"{name} must look like 2026-11-23T10:02:00Z.") from None


def page_and_size(call: Call) -> tuple[int, int]:
    """Which page, and how many to a page; raises Refused."""
    try:
        page, size = int(call.get("page") or 1), int(call.get("page_size") or LONGEST_LIST)
    except ValueError:
        raise Refused(400, "page and page_size must be whole numbers.") from None
    return max(page, 1), min(max(size, 1), LONGEST_LIST)
