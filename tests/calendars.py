"""A strict reader of calendar objects (RFC 5545), independent of what writes them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from dateutil import tz

# 3.1: name, parameters whose values are quoted or free of ";:,", and a value without controls.
LINE = re.compile(
    r"(?P<name>[A-Z0-9-]+)"
    r"(?P<params>(?:;[A-Z0-9-]+=(?:\"[^\"\x00-\x1f]*\"|[^\";:,\x00-\x1f]*))*)"
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
# 3.3.11: what a text may not hold without a backslash before it.
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[;,]")
TEXTS = ("SUMMARY", "LOCATION", "DESCRIPTION", "X-WR-CALNAME", "NAME")
SIGNS = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\"}


@dataclass(frozen=True)
class Line:
    """A property: its parameters and its value, texts unescaped."""

    name: str
    params: dict[str, str]
    value: str


@dataclass
class Component:
    """VCALENDAR, VEVENT and so on, with what is inside."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    source: list[str] = field(default_factory=list)

    def line(self, name: str) -> Line:
        """The only property of this name."""
        [found] = [line for line in self.lines if line.name == name]
        return found

    def __getitem__(self, name: str) -> str:
        return self.line(name).value

    def __contains__(self, name: str) -> bool:
        return any(line.name == name for line in self.lines)

    def named(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]

    @property
    def event(self) -> Component:
        [event] = self.named("VEVENT")
        return event

    def moment(self, event: Component, name: str) -> datetime | date:
        """A time in UTC by the rules of the calendar's own VTIMEZONE, or a date."""
        line = event.line(name)
        if line.params.get("VALUE") == "DATE":
            return datetime.strptime(line.value, "%Y%m%d").date()  # noqa: DTZ007
        if line.value.endswith("Z"):
            return datetime.strptime(line.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        [zone] = self.named("VTIMEZONE")
        assert zone["TZID"] == line.params["TZID"]
        rules = tz.tzical(io.StringIO("\n".join(zone.source))).get(zone["TZID"])
        wall = datetime.strptime(line.value, "%Y%m%dT%H%M%S")  # noqa: DTZ007
        return wall.replace(tzinfo=rules).astimezone(UTC)


def read(text: str) -> Component:
    """The calendar; AssertionError for whatever the grammar does not allow."""
    assert text.endswith("\r\n") and text.count("\r\n") == text.count("\n") == text.count("\r")
    physical = text.split("\r\n")[:-1]
    assert all(0 < len(line.encode()) <= 75 for line in physical)
    stack = [Component("")]
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        _read_line(line, stack)
    [calendar] = stack.pop().parts
    assert not stack and calendar.name == "VCALENDAR"
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    return calendar


def _read_line(text: str, stack: list[Component]) -> None:
    found = LINE.fullmatch(text)
    assert found, text
    name, value = found["name"], found["value"]
    if name == "BEGIN":
        stack.append(Component(value))
    for open_component in stack[1:]:
        open_component.source.append(text)
    if name == "END":
        ended = stack.pop()
        assert ended.name == value, text
        stack[-1].parts.append(ended)
    elif name != "BEGIN":
        pairs = [pair.split("=", 1) for pair in found["params"].split(";")[1:]]
        params = {key: given.strip('"') for key, given in pairs}
        stack[-1].lines.append(Line(name, params, _text(value) if name in TEXTS else value))


def _text(value: str) -> str:
    assert not UNESCAPED.search(value), value
    return re.sub(r"\\(.)", lambda sign: SIGNS[sign[1]], value)
