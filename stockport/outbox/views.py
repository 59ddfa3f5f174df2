"""The webhook: another system says what has become of what it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from stockport.outbox.actions import nudge_after_commit
from stockport.outbox.inbound import reading
from stockport.outbox.inbound.receiving import receive
from stockport.outbox.inbound.signature import is_genuine
from stockport.outbox.models import Destination, InboundUpdate

if TYPE_CHECKING:
    from django.http import HttpRequest

LARGEST_BODY = 256 * 1024  # bytes
# The same for all that is wrong with who sends it: nobody learns which destinations there are.
REFUSED = "The signature is missing, wrong or too old."


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def webhook(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the updates of a destination that signs them; 200 says that they are kept.

    The body is looked at only once its signature is known to be good.
    """
    # No more is read than may be kept, whatever the headers say.
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return _answer(413, "The body is larger than 256 KB.")
    destination = Destination.objects.filter(slug=slug).first()
    secret = destination.webhook_secret if destination else ""
    now = timezone.now()
    genuine = is_genuine(secret, request.headers, body, now.timestamp())
    if destination is None or not genuine:
        return _answer(401, REFUSED)
    try:
        updates = reading.read_updates(body, now)
    except reading.Malformed as error:
        return _answer(400, str(error))
    receive(destination=destination, updates=updates, way=InboundUpdate.Way.WEBHOOK)
    nudge_after_commit(destination.pk)
    return _answer(200, "Kept.")


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
