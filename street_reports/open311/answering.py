"""The way of each call: answered or refused, always in the format that was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
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

    from street_reports.open311.wire import Reply

    Answer = Callable[..., Reply]

READ: Final = ("GET", "HEAD")
MOST_MEGABYTES: Final = MOST_PHOTOS * MEGABYTES + 1


def endpoint(
    *, get: Answer | None = None, post: Answer | None = None
) -> Callable[..., HttpResponse]:
    """A view that answers with these; what it is asked otherwise is refused.

    Exempt from the check against forged forms: a call carries its key in its body and never a
    session's, so another website has nothing of a visitor's to send along.
    """
    answers = (dict.fromkeys(READ, get) if get else {}) | ({"POST": post} if post else {})

    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest, form: str = "xml", **named: str) -> HttpResponse:
        try:
            answer = answers.get(request.method or "")
            if answer is None:
                allowed = " and ".join(answers)
                raise Refused(errors.NOT_ALLOWED, f"This address takes {allowed}.")
            reply = _called(answer, request, named)
        except Refused as refused:
            reply = refused.reply
        response = written(reply, form)
        if reply.status == errors.NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(answers)
        return _kept(request, response) if request.method in READ else response

    return view


def _called(answer: Answer, request: HttpRequest, named: dict[str, str]) -> Reply:
    """What the call is answered with; raises Refused. What is only read writes nothing."""
    try:
        _check_size(request)
        _check_text(request, named)
        if request.method in READ:
            with reading():
                return answer(request, **named)
        return answer(request, **named)
    except (SuspiciousOperation, MultiPartParserError, UnicodeDecodeError) as error:
        raise Refused(errors.BAD, "The form cannot be read: it is too large or broken.") from error


def _check_size(request: HttpRequest) -> None:
    """Raises Refused for more than a report with all its photos, before any of it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_MEGABYTES * 1024 * 1024:
        raise Refused(errors.BAD, f"The call has more than {MOST_MEGABYTES} MB.")


def _check_text(request: HttpRequest, named: dict[str, str]) -> None:
    """Raises Refused for the one character that no text in the database can have."""
    sent = (request.GET.lists(), request.POST.lists(), ((name, [named[name]]) for name in named))
    if any("\0" in value for form in sent for _, found in form for value in found):
        raise Refused(errors.BAD, "A value has a NUL character in it. Send it without.")


def written(reply: Reply, form: str) -> HttpResponse:
    """The answer as a response."""
    response = HttpResponse(
        wire.write(reply, form), status=reply.status, content_type=wire.CONTENT_TYPES[form]
    )
    if reply.status in errors.RETRY_AFTER:
        response.headers["Retry-After"] = errors.RETRY_AFTER[reply.status]
    return response


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With its ETag, and without its body for who has it: nothing may be shown without asking."""
    response.headers["Cache-Control"] = "private, no-store" if _has_key(request) else "no-cache"
    if response.status_code != 200:
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    known = get_conditional_response(request, etag=etag, response=response)
    return known if isinstance(known, HttpResponse) else response


def _has_key(request: HttpRequest) -> bool:
    return bool(request.GET.get("api_key"))
