"""GeoReport v2 on the wire: written strictly, read tolerantly.

Source: the Open311 GeoReport v2 specification, with mySociety's extension for updates.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException, ElementTree

from stockport.outbox.connectors.base import Unreadable, Update

logger = logging.getLogger(__name__)

REFERENCE = "report_reference"
LONGEST_DESCRIPTION = 4000
CONTACT = ("email", "first_name", "last_name", "phone")
SERVICE = ("service_code", "lat", "long", "address_string", "description")
# XML 1.0 has no place for these, so a system that writes XML may choke on them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Accepted:
    """What a system answered to a new request: an id, or a token until it has one."""

    request_id: str
    token: str


def fields(payload: Mapping[str, Any], reference: str) -> dict[str, str | list[str]]:
    """The form of POST /requests; what is empty is left out, which means the same."""
    form: dict[str, str | list[str]] = {
        name: clean(payload.get(name)) for name in (*SERVICE, *CONTACT)
    }
    form["description"] = clean(payload.get("description"))[:LONGEST_DESCRIPTION]
    attributes = {**payload.get("attributes", {}), REFERENCE: reference}
    for code, value in attributes.items():
        if isinstance(value, list):
            form[f"attribute[{code}][]"] = [clean(each) for each in value]
        else:
            form[f"attribute[{code}]"] = clean(value)
    return {name: value for name, value in form.items() if value}


def clean(value: object) -> str:
    """The value as a form carries it; None as an empty string."""
    return "" if value is None else CONTROL.sub("", str(value))


def moment(value: datetime) -> str:
    """To the second and in UTC: the form that every known system reads."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime | None:
    """The time, or None where it is none, or none of our time.

    Without an offset it is London time, as UK systems write it.
    """
    text = re.sub(r"\s*(UTC|GMT)$", "Z", text.strip())
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    # The first and the last times that Python knows cannot be told in another time zone.
    if not 1970 <= value.year < 2100:
        return None
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo("Europe/London"))


def parse(body: bytes) -> Element:
    """The answer without namespaces; raises Unreadable."""
    try:
        root: Element = ElementTree.fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable("The answer is not XML.") from error
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def text(element: Element, name: str) -> str:
    """The text of the first element of that name inside, or an empty string."""
    found = element.find(f".//{name}")
    return (found.text or "").strip() if found is not None else ""


def read_accepted(body: bytes) -> Accepted:
    """The id or token of a new request; raises Unreadable where there is neither."""
    root = parse(body)
    accepted = Accepted(text(root, "service_request_id"), text(root, "token"))
    if not (accepted.request_id or accepted.token):
        raise Unreadable("The answer has neither an id nor a token.")
    return accepted


def read_errors(body: bytes) -> str:
    """What the system says is wrong, or an empty string."""
    try:
        root = parse(body)
    except Unreadable:
        return ""
    found = [text(error, "description") for error in root.iter("error")]
    return " ".join(filter(None, found))


def read_requests(body: bytes) -> list[Element]:
    """The requests of a list; raises Unreadable for anything but a list."""
    root = parse(body)
    if root.tag not in ("service_requests", "requests"):
        raise Unreadable("The answer is not a list of requests.")
    return [child for child in root if child.tag in ("request", "service_request")]


def texts(element: Element) -> Iterator[str]:
    """Every text inside the element."""
    return (piece.strip() for piece in element.itertext() if piece.strip())


def read_update_id(body: bytes) -> str:
    """The system's id of an update that it took; raises Unreadable."""
    if number := text(parse(body), "update_id"):
        return number
    raise Unreadable("The answer has no id.")


def read_updates(body: bytes) -> list[Update]:
    """The updates of a list, without those that cannot be told apart or dated."""
    root = parse(body)
    if root.tag != "service_request_updates":
        raise Unreadable("The answer is not a list of updates.")
    return [update for row in root if (update := _read_update(row))]


def _read_update(row: Element) -> Update | None:
    update_id, updated_at = text(row, "update_id"), read_moment(text(row, "updated_datetime"))
    request_id = text(row, "service_request_id")
    if not (update_id and request_id and updated_at):
        logger.warning("An update without an id, a request or a time was left out: %s", update_id)
        return None
    return Update(
        update_id=update_id,
        remote_reference=request_id,
        status=text(row, "status"),
        description=text(row, "description"),
        updated_at=updated_at,
        code=text(row, "external_status_code"),
    )
