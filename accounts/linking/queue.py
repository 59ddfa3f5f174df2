"""Staff hear every working day of the requests that wait for them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.linking.budgets import take_turns
from accounts.models import AuditEvent, LinkRequest, Resident
from stockport.outbox.actions import send_email

TOLD = "link_queue_told"
QUIET = timedelta(hours=12)


def deciders() -> QuerySet[Resident]:
    """Staff who were given the permission to decide; where nobody was, those who may do all."""
    staff = Resident.objects.filter(is_staff=True, is_active=True)
    given = {"codename": "decide_linkrequest", "content_type__app_label": "accounts"}
    own = Q(**{f"user_permissions__{name}": value for name, value in given.items()})
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in given.items()})
    chosen = staff.filter(own | by_group).distinct()
    return chosen if chosen.exists() else staff.filter(is_superuser=True)


@transaction.atomic
def tell_staff() -> int:
    """Write to those who decide how many requests wait; how many were written to, once a day."""
    take_turns("link queue")
    waiting = LinkRequest.objects.filter(state=LinkRequest.State.WAITING).order_by("made_at")
    told = AuditEvent.objects.filter(kind=TOLD, at__gt=timezone.now() - QUIET)
    oldest = waiting.first()
    if oldest is None or told.exists():
        return 0
    number, staff = waiting.count(), list(deciders())
    context = {"number": number, "oldest": oldest.made_at, "site_url": settings.SITE_URL}
    body = render_to_string("accounts/email/queue_message.txt", context)
    for one in staff:
        subject = f"Requests to link an account: {number} waiting"
        send_email(to=one.email, subject=subject, body=body, resident=one)
    audit.record(TOLD, resident=None, detail=f"{number} to {len(staff)}")
    return len(staff)
