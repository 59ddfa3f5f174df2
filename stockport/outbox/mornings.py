"""Tells staff once a day what did not arrive, what is paused, and what has waited for too long."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.timesince import timesince

from stockport.outbox.actions import send_email
from stockport.outbox.models import Delivery, Destination, MorningMail
from stockport.outbox.workflow import State

logger = logging.getLogger(__name__)

LONDON = ZoneInfo("Europe/London")
NOT_BEFORE = time(7, 30)
LONG_WAIT = timedelta(hours=1)
MOST_LINES = 20


@dataclass(frozen=True)
class Finding:
    """What there is to say about one destination."""

    destination: Destination
    dead: list[Delivery]
    more: int  # deliveries that need attention, beyond those in `dead`
    waits_for: str  # the age of the oldest that waits, in words; empty up to an hour

    @property
    def worth_saying(self) -> bool:
        """Whether staff should read about it."""
        return bool(self.dead or self.waits_for or self.destination.paused_at)


def tell_staff(*, now: datetime) -> MorningMail | None:
    """Make the mail of the day, from 7:30am in London on; None where there is nothing to do.

    It may be called as often as one likes, by as many as one likes: there is one a day. Where
    nothing is wrong at 7:30am, the mail goes as soon as something is.
    """
    local = now.astimezone(LONDON)
    if local.time() < NOT_BEFORE or MorningMail.objects.filter(day=local.date()).exists():
        return None
    findings = [finding for finding in _findings(now) if finding.worth_saying]
    if not findings:
        return None
    with transaction.atomic():
        mail, is_new = MorningMail.objects.get_or_create(day=local.date())
        if is_new:
            _tell(mail, findings)
    return mail if is_new else None


def _tell(mail: MorningMail, findings: list[Finding]) -> None:
    """By e-mail; in the log too where no e-mail would reach anybody."""
    names = ", ".join(finding.destination.slug for finding in findings)
    if not settings.ALERT_EMAILS:
        logger.error("Nobody is told what did not arrive (ALERT_EMAILS is empty): %s", names)
        return
    if any(each.destination.connector == Destination.Connector.EMAIL for each in findings):
        logger.error("Staff may not get the mail about what did not arrive: %s", names)
    context = {"findings": findings, "site_url": settings.SITE_URL}
    mail.delivery = send_email(
        to=settings.ALERT_EMAILS,
        subject="My Account: what did not arrive",
        body=render_to_string("outbox/email/morning.txt", context),
    )
    mail.save(update_fields=["delivery"])


def _findings(now: datetime) -> list[Finding]:
    """One for each destination: one query, and one more for each that needs attention."""
    return [_finding(destination, now) for destination in Destination.objects.with_backlog()]


def _finding(destination: Any, now: datetime) -> Finding:
    dead: list[Delivery] = []
    if destination.dead:
        needing = destination.deliveries.filter(state=State.DEAD)
        dead = list(needing.order_by("created_at", "pk")[:MOST_LINES])
    too_long = destination.oldest and now - destination.oldest > LONG_WAIT
    return Finding(
        destination=destination,
        dead=dead,
        more=destination.dead - len(dead),
        waits_for=timesince(destination.oldest, now, depth=1) if too_long else "",
    )
