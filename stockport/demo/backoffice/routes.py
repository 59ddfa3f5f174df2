"""Which resource a call is for, and how its body is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs, unquote, urlsplit

from stockport.demo.backoffice import inbox, wire
from stockport.demo.backoffice.call import Call, Form
from stockport.demo.backoffice.office import Office
from stockport.demo.backoffice.strict import Refused
from stockport.demo.backoffice.wire import Reply

RESOURCE = re.compile(r"/(?P<name>\w+)(?:/(?P<id>[^/]+))?\.(?P<format>xml|json)")
FORM = "application/x-www-form-urlencoded"
Route = Callable[[Office, Call, str], Reply]

READS: dict[tuple[str, bool], Route] = {
    ("services", False): lambda office, call, id: office.services(),
    ("services", True): lambda office, call, id: office.definition(id),
    ("requests", False): lambda office, call, id: office.requests(call),
    ("requests", True): lambda office, call, id: office.request(id),
    ("tokens", True): lambda office, call, id: office.token(id),
    ("servicerequestupdates", False): lambda office, call, id: office.updates(call),
}
WRITES: dict[tuple[str, bool], Route] = {
    ("requests", False): lambda office, call, id: office.report(call),
    ("servicerequestupdates", False): lambda office, call, id: office.update(call),
    ("inbox", False): lambda office, call, id: inbox.take(office, call),
}
BATCH: Route = lambda office, call, id: office.report(call, batch=True)  # noqa: E731


def answer(office: Office, path: str, call: Call, *, writes: bool, batch: bool) -> Reply:
    """What the office answers to a call of this path."""
    found = RESOURCE.fullmatch(path)
    if found is None:
        return wire.error(404, "There is no such resource. Resources end in .xml or .json.")
    name, id = found["name"], unquote(found["id"] or "")
    route = (WRITES if writes else READS).get((name, bool(id)))
    if route is None:
        return wire.error(404, "There is no such resource.")
    if batch and writes and name == "requests":
        route = BATCH
    try:
        return route(office, call, id)
    except Refused as refused:
        return wire.error(refused.status, refused.description)


def format_of(path: str) -> str:
    """The form of answer that the path asks for."""
    return "json" if path.endswith(".json") else "xml"


def split(target: str) -> tuple[str, Form]:
    """The path and the query of a request line."""
    parts = urlsplit(target)
    return parts.path, parse_qs(parts.query, keep_blank_values=True)


def read_form(body: bytes, content_type: str) -> tuple[Form, dict[str, bytes]]:
    """The fields and files of a posted form; raises Refused."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == FORM:
            return parse_qs(body.decode(), keep_blank_values=True, errors="strict"), {}
        if kind == "multipart/form-data":
            return _read_parts(body, content_type)
    except UnicodeDecodeError:
        raise Refused(400, "The form is not in UTF-8.") from None
    raise Refused(400, f"The body must be {FORM}, or multipart/form-data with files.")


def _read_parts(body: bytes, content_type: str) -> tuple[Form, dict[str, bytes]]:
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    form: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_filename():
            files[name] = content
        else:
            form.setdefault(name, []).append(content.decode())
    return form, files
