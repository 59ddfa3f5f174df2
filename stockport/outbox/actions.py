"""What the rest of the portal asks of the outbox: send this."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from stockport.outbox.models import Delivery, Destination
from stockport.outbox.nudging import nudge

if TYPE_CHECKING:
    from accounts.models import Resident

logger = logging.getLogger(__name__)


def enqueue(
    *,
    destination: str,
    kind: str,
    payload: Mapping[str, Any],
    reference: str = "",
    resident: Resident | None = None,
    depends_on: Delivery | None = None,
) -> Delivery:
    """A delivery to the destination with this slug, in the caller's transaction, sent after it.

    Raises Destination.DoesNotExist for an unknown slug.
    """
    to = depends_on.destination if depends_on else None
    if to is None or to.slug != destination:
        to = Destination.objects.get(slug=destination)
    delivery = Delivery.objects.create(
        destination=to,
        kind=kind,
        payload=dict(payload),
        reference=reference,
        resident=resident,
        depends_on=depends_on,
    )
    nudge_after_commit(delivery.destination_id)
    return delivery


def destinations(*slugs: str) -> list[Destination]:
    """The destinations with these slugs, in this order, in one query.

    Raises Destination.DoesNotExist where one is unknown.
    """
    found = {there.slug: there for there in Destination.objects.filter(slug__in=slugs)}
    if unknown := sorted(set(slugs) - set(found)):
        raise Destination.DoesNotExist(f"No destination has the slug {unknown[0]}.")
    return [found[slug] for slug in slugs]


def enqueue_all(deliveries: Sequence[Delivery]) -> None:
    """New deliveries in one statement of the caller's transaction, sent after it.

    One may depend on another of them.
    """
    Delivery.objects.bulk_create(deliveries)
    for destination_id in sorted({delivery.destination_id for delivery in deliveries}):
        nudge_after_commit(destination_id)


def send_email(
    *,
    to: str | Sequence[str],
    subject: str,
    body: str,
    resident: Resident | None = None,
    reference: str = "",
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Mapping[str, str]] = (),
) -> Delivery:
    """A plain-text e-mail, in the caller's transaction, sent after it."""
    payload = email_payload(to, subject, body, headers=headers, attachments=attachments)
    return enqueue(
        destination="email", kind="email", payload=payload, reference=reference, resident=resident
    )


def email_payload(
    to: str | Sequence[str],
    subject: str,
    body: str,
    *,
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """A plain-text e-mail as the payload of a delivery.

    An attachment has `name`, `type` and `content` (text). One without a name is another form of
    the text: mail programs act on a calendar only there (RFC 6047).
    """
    return {
        "to": [to] if isinstance(to, str) else list(to),
        # A line break would start another header.
        "subject": " ".join(subject.split()),
        "body": body,
        "headers": dict(headers or {}),
        "attachments": [dict(attachment) for attachment in attachments],
    }


def nudge_after_commit(destination_id: int) -> None:
    """Have a worker look at the destination as soon as this transaction is committed."""
    transaction.on_commit(lambda: nudge(destination_id), robust=True)


@transaction.atomic
def pause(*, destination: Destination, reason: str, by: Resident | None = None) -> Destination:
    """Send nothing more to the destination until staff resume it, and tell them by e-mail."""
    destination = Destination.objects.select_for_update(no_key=True).get(pk=destination.pk)
    if destination.paused_at is None:
        destination.paused_at = Now()
        destination.pause_reason = reason[:200]
        destination.paused_by = by
        destination.save(update_fields=["paused_at", "pause_reason", "paused_by"])
        destination.refresh_from_db()
        _alert(destination)
    return destination


@transaction.atomic
def resume(*, destination: Destination) -> Destination:
    """Send to the destination again; what waited meanwhile is not too old for it."""
    destination = Destination.objects.select_for_update(no_key=True).get(pk=destination.pk)
    destination.paused_at = destination.resting_until = None
    destination.pause_reason = ""
    destination.paused_by = None
    destination.failures = 0
    destination.save()
    destination.deliveries.filter(state__in=Delivery.WAITING).update(
        fresh_at=Now(), next_attempt_at=Now()
    )
    nudge_after_commit(destination.pk)
    return destination


def _alert(destination: Destination) -> None:
    """Tell staff that nothing goes to the destination any more."""
    logger.error("Destination %s is paused: %s", destination.slug, destination.pause_reason)
    if settings.ALERT_EMAILS:
        send_email(
            to=settings.ALERT_EMAILS,
            subject=f"My Account sends nothing to {destination.name} at present",
            body=(
                f"Deliveries to {destination.name} are paused: {destination.pause_reason}\n\n"
                "Nothing is lost. Put right what it says, then resume the destination at\n"
                f"{settings.SITE_URL}{destination.admin_url}\n"
            ),
        )
