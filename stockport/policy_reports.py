"""What browsers report that our Content-Security-Policy stopped: a line in the log, nothing stored.

An address has references and secrets in it and a report has the address, so of each only what
cannot name anybody is kept: the route, a host, a directive, a line of our own script.
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from csp.utils import DEFAULT_DIRECTIVES
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

# As report-uri sends one, and as report-to sends several (W3C: CSP 3, section 5; Reporting API).
OLD, NEW = "application/csp-report", "application/reports+json"
LARGEST_BODY = 16 * 1024  # bytes
MOST_AT_ONCE = 10
WORD = re.compile(r"[a-z-]{1,30}")
MINUTE = 60

log = structlog.get_logger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """Log what it says: 204. 400, 413 or 415 where it is no report, 429 after too many."""
    if request.content_type not in (OLD, NEW):
        return HttpResponse(status=415)
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return HttpResponse(status=413)
    if _is_too_many():
        return HttpResponse(status=429, headers={"Retry-After": str(MINUTE)})
    try:
        reports = list(_reports(json.loads(body)))
    except (ValueError, RecursionError, AttributeError, LookupError, TypeError):
        return HttpResponse(status=400)
    for report in reports[:MOST_AT_ONCE]:
        # Extensions that residents have put into their browser are none of our business.
        if "extension" not in (report["blocked"] + report["source"]):
            log.warning("policy_violation", **report)
    return HttpResponse(status=204)


def _is_too_many() -> bool:
    """Count one more of this minute, of all senders together, in the memory of this process."""
    counted, key = caches["process"], f"policy-reports:{int(time.time()) // MINUTE}"
    counted.add(key, 0, 2 * MINUTE)
    return counted.incr(key) > settings.POLICY_REPORTS_A_MINUTE


def _reports(sent: Any) -> Iterator[dict[str, str]]:
    """Each report in one form. AttributeError, LookupError or TypeError: another shape."""
    if isinstance(sent, list):
        bodies = [one["body"] for one in sent if one.get("type") == "csp-violation"]
        names = ("effectiveDirective", "blockedURL", "documentURL", "sourceFile")
    else:
        bodies = [sent["csp-report"]]
        names = ("violated-directive", "blocked-uri", "document-uri", "source-file")
    for body in bodies:
        directive, blocked, page, source = (str(body.get(name) or "") for name in names)
        yield {
            "directive": _directive(directive),
            "blocked": _origin(blocked),
            "page": _route(page),
            "source": _script(source),
        }


def _directive(text: str) -> str:
    name = text.partition(" ")[0]
    return name if name in DEFAULT_DIRECTIVES else "other"


def _origin(text: str) -> str:
    """`inline`, `eval`, or scheme and host; no path, which could be anybody’s."""
    if WORD.fullmatch(text):
        return text
    address = urlsplit(text)
    return f"{address.scheme}://{address.hostname or ''}"[:100]


def _route(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return "unknown"


def _script(address: str) -> str:
    path = urlsplit(address).path
    ours = path.startswith(f"/{settings.STATIC_URL.strip('/')}/") and len(path) < 100
    return path if ours else _origin(address)
