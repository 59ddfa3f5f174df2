"""The way of each call: answered or refused, always in the format that was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from stockport.images import MEGABYTES
from stockport.readonly import reading
from street_reports.open311 import errors, wire
from street_reports.open311.errors import Refused
from street_reports.rules import MOST_PHOTOS

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from street_reports.open311.wire import Reply

    Said = Reply | FileResponse
    Answer = Callable[..., Said]

logger = structlog.get_logger(__name__)

READ: Final = ("GET", "HEAD")
# Pages of other sites may show what anybody may read: scripts the lists, and also the photos.
FOR_OTHER_SITES: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
MOST_MEGABYTES: Final = MOST_PHOTOS * MEGABYTES + 1
# What Django and Python say of a query or form that is too large, broken or in a strange encoding.
UNREADABLE: Final = (
    *(SuspiciousOperation, BadRequest, MultiPartParserError, UnicodeError),
    LookupError,  # an encoding that is none of text
)


def endpoint(
    *, get: Answer | None = None, post: Answer | None = None
) -> Callable[..., HttpResponseBase]:
    """A view that answers with these; what it is asked otherwise is refused.

    Exempt from the check against forged forms: a call carries its key in its body and never a
    session's, so another website has nothing of a visitor's to send along.
    """
    answers = (dict.fromkeys(READ, get) if get else {}) | ({"POST": post} if post else {})

    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest, form: str = "xml", **named: Any) -> HttpResponseBase:
        said = _said(answers, request, named)
        response = said if isinstance(said, FileResponse) else written(said, form)
        if response.status_code == errors.NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(answers)
        return _read(request, response) if request.method in READ else response

    return view


def _said(answers: dict[str, Answer], request: HttpRequest, named: dict[str, Any]) -> Said:
    """What the call is answered with, refused or not."""
    try:
        answer = answers.get(request.method or "")
        if answer is None:
            raise Refused(errors.NOT_ALLOWED, f"This address takes {' and '.join(answers)}.")
        _check_size(request)
        _check_text(request, named)
        return _called(answer, request, named)
    except Refused as refused:
        return refused.reply


def _called(answer: Answer, request: HttpRequest, named: dict[str, Any]) -> Said:
    """What this answers; raises Refused. What is only read writes nothing."""
    try:
        if request.method in READ:
            with reading():
                return answer(request, **named)
        return answer(request, **named)
    except (OperationalError, InterfaceError) as error:
        logger.exception("open311_without_database")
        raise Refused(errors.LATER, "We cannot answer at this moment. Send it again.") from error


def _check_size(request: HttpRequest) -> None:
    """Raises Refused for more than a report with all its photos, before any of it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_MEGABYTES * 1024 * 1024:
        raise Refused(errors.BAD, f"The call has more than {MOST_MEGABYTES} MB.")


def _check_text(request: HttpRequest, named: dict[str, Any]) -> None:
    """Raises Refused for what cannot be read, or has the one character that no text there can."""
    try:
        sent = [*request.GET.lists(), *request.POST.lists()]
    except UNREADABLE as error:
        said = "The call cannot be read: it is too large, broken, or not in UTF-8 (charset=utf-8)."
        raise Refused(errors.BAD, said) from error
    sent += [(name, [str(value)]) for name, value in named.items()]
    if any("\0" in value for _, found in sent for value in found):
        raise Refused(errors.BAD, "A value has a NUL character in it. Send it without.")


def written(reply: Reply, form: str) -> HttpResponse:
    """The answer as a response."""
    response = HttpResponse(
        wire.write(reply, form), status=reply.status, content_type=wire.CONTENT_TYPES[form]
    )
    if reply.status in errors.RETRY_AFTER:
        response.headers["Retry-After"] = errors.RETRY_AFTER[reply.status]
    return response


def _read(request: HttpRequest, response: HttpResponse | FileResponse) -> HttpResponseBase:
    """The same for whoever reads, on whatever page: cookies count for nothing (ADR 0020)."""
    kept = _kept(request, response)
    for name, value in FOR_OTHER_SITES.items():
        kept.headers[name] = value
    return kept


def _kept(request: HttpRequest, response: HttpResponse | FileResponse) -> HttpResponseBase:
    """With its ETag, and without its body for who has it: nothing may be shown without asking."""
    response.headers["Cache-Control"] = "private, no-store" if _has_key(request) else "no-cache"
    if response.status_code != 200 or isinstance(response, FileResponse):
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    known = get_conditional_response(request, etag=etag, response=response)
    return known if isinstance(known, HttpResponse) else response


def _has_key(request: HttpRequest) -> bool:
    """Whether it has one, or may have: a query with too much in it is not read."""
    try:
        return bool(request.GET.get("api_key"))
    except UNREADABLE:
        return True
