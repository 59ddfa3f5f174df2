"""Reports without an account: asked for by e-mail, confirmed once, or forgotten."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from stockport.db import on_violation
from stockport.outbox.actions import send_email
from stockport.outbox.workflow import State
from street_reports import messages
from street_reports.actions import Place, submit_report
from street_reports.contacts import forget_contacts, join_report
from street_reports.models import Contact, Unconfirmed
from street_reports.models.unconfirmed import digest
from street_reports.rules import Point

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

SUBJECT = "Confirm your street report"


class AlreadyAsked(Exception):
    """This form has its e-mail already."""


def ask_to_confirm(*, token: UUID, email: str, place: Place | None, **what: Any) -> Unconfirmed:
    """Keep what was typed, and ask this address whether it is theirs. Nothing else leaves.

    `what` is fields of Unconfirmed. Raises AlreadyAsked where the form was sent before.
    """
    secret = secrets.token_urlsafe(32)
    fields = place.fields if place else {}
    unconfirmed = Unconfirmed(
        form_token=token, email=email, digest=digest(secret), **fields, **what
    )
    with on_violation("street_reports_unconfirmed_form_token_key", AlreadyAsked()):
        unconfirmed.delivery = send_email(
            to=email, subject=SUBJECT, body=messages.confirm(unconfirmed, secret)
        )
        unconfirmed.save(force_insert=True)
    return unconfirmed


@transaction.atomic
def take_back(*, token: UUID) -> None:
    """The link of this form works no more, if it has not been used: another is to follow."""
    for unconfirmed in Unconfirmed.objects.select_for_update().filter(
        form_token=token, contact=None
    ):
        delete_unconfirmed(unconfirmed)


@transaction.atomic
def confirm(*, secret: str) -> Contact:
    """The address is theirs: make the report, or add to the one that is there; the same each time.

    Raises Unconfirmed.DoesNotExist where the link does not work, and AlreadyReported where another
    report of the fault was closed this very moment.
    """
    waiting = Unconfirmed.objects.of_link(secret).in_full()
    unconfirmed = waiting.select_for_update(of=("self",)).get()
    if unconfirmed.contact is None:
        unconfirmed.contact = _confirmed(unconfirmed)
        unconfirmed.save(update_fields=["contact"])
    return unconfirmed.contact


def _confirmed(unconfirmed: Unconfirmed) -> Contact:
    there, asset = unconfirmed.follows, unconfirmed.asset
    email, wants_updates = unconfirmed.email, unconfirmed.wants_updates
    # What has ended meanwhile is reported anew, unless only the other report says where it is.
    if there and (there.is_open or asset is None):
        text = unconfirmed.description
        return join_report(report=there, email=email, information=text, wants_updates=wants_updates)
    report = submit_report(
        email=email,
        token=unconfirmed.form_token,
        fault=unconfirmed.fault,
        place=Place.of(asset) if asset else _place(unconfirmed),
        description=unconfirmed.description,
        answers=unconfirmed.answers,
        wants_updates=wants_updates,
    )
    return report.contacts.get(email=email)


def _place(unconfirmed: Unconfirmed) -> Place:
    latitude, longitude = unconfirmed.latitude, unconfirmed.longitude
    point = None
    if latitude is not None and longitude is not None:
        point = Point(latitude, longitude)
    return Place(unconfirmed.location, unconfirmed.postcode, point)


def tidy() -> None:
    """Delete what nobody confirmed in time, and addresses that nobody needs any more."""
    # What a worker is sending at this moment is for the next time.
    for unconfirmed in Unconfirmed.objects.expired().exclude(delivery__state=State.LEASED):
        with transaction.atomic():
            delete_unconfirmed(unconfirmed)
    forget_contacts(contacts=Contact.objects.outlived().select_related("report"))


def delete_unconfirmed(unconfirmed: Unconfirmed) -> None:
    """With the e-mail, which has the address."""
    unconfirmed.delete()
    unconfirmed.delivery.delete()
