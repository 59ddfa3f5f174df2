"""What a report must say to be taken: anything else is refused in so many words (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stockport.demo.backoffice.catalogue import SERVICES, Service

FIELDS = frozenset(
    {
        "api_key", "jurisdiction_id", "service_code", "lat", "long", "address_string", "address_id",
        "email", "device_id", "account_id", "first_name", "last_name", "phone", "description",
        "media_url",
    }
)  # fmt: skip
LONGEST_DESCRIPTION = 4000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ATTRIBUTE = re.compile(r"attribute\[([\w-]+)\](\[\])?")


class Refused(Exception):
    """The call cannot be served: the HTTP status, and a sentence for the caller."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


@dataclass
class Report:
    """A report that was checked."""

    service: Service
    fields: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, list[str]] = field(default_factory=dict)


def check(form: Mapping[str, list[str]]) -> Report:
    """The report in the form; raises Refused. An empty field is the same as an absent one."""
    code = form.get("service_code", [""])[0]
    if not code:
        raise Refused(400, "service_code is required.")
    if code not in SERVICES:
        raise Refused(404, f"service_code {code} does not exist.")
    if any(CONTROL.search(value) for values in form.values() for value in values):
        raise Refused(400, "A field has characters that XML does not allow.")
    report = Report(SERVICES[code])
    for name, values in form.items():
        _sort(report, name, [value for value in values if value])
    _check_place(report.fields)
    if len(report.fields.get("description", "")) > LONGEST_DESCRIPTION:
        raise Refused(400, f"description is longer than {LONGEST_DESCRIPTION} characters.")
    _check_attributes(report)
    return report


def _sort(report: Report, name: str, values: list[str]) -> None:
    if found := ATTRIBUTE.fullmatch(name):
        if values:
            report.attributes[found[1]] = values
    elif name not in FIELDS:
        raise Refused(400, f"{name} is not a field of this call.")
    elif len(values) > 1 and name != "media_url":
        raise Refused(400, f"{name} is given more than once.")
    elif values and name != "api_key":
        report.fields[name] = values[0]


def _check_place(fields: Mapping[str, str]) -> None:
    if "lat" in fields or "long" in fields:
        for name, limit in (("lat", 90), ("long", 180)):
            if not _is_number(fields.get(name, "")) or abs(float(fields[name])) > limit:
                raise Refused(400, f"{name} must be a number of degrees (WGS84).")
    elif not (fields.get("address_string") or fields.get("address_id")):
        raise Refused(400, "A place is required: lat and long, address_string or address_id.")


def _check_attributes(report: Report) -> None:
    known = {attribute.code: attribute for attribute in report.service.attributes}
    for code in report.attributes:
        if code not in known:
            raise Refused(400, f"attribute[{code}] is not an attribute of {report.service.code}.")
    for code, attribute in known.items():
        value = report.attributes.get(code, [""])[0]
        if attribute.required and not value:
            raise Refused(400, f"attribute[{code}] is required.")
        if value and attribute.datatype == "number" and not _is_number(value):
            raise Refused(400, f"attribute[{code}] must be a number.")


def _is_number(value: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII) is not None
