"""What residents ask of a team of the council: each service has a model of its own (ADR 0018).

Such a request leaves through the outbox once, and what the team says of it comes back as news.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.templatetags.portal import moment

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors.base import Update
    from stockport.outbox.models import Delivery

logger = logging.getLogger(__name__)

AnyRequest = TypeVar("AnyRequest", bound="Requested")


class AlreadyAsked(Exception):
    """There is an open request of this kind about the same thing."""


class RequestStatus(models.TextChoices):
    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Being dealt with"
    DONE = "done", "Done"
    REFUSED = "refused", "Not agreed"


OPEN = (RequestStatus.RECEIVED, RequestStatus.ACCEPTED)
# How far a request is once its team has said something; the words follow “The … team”.
SAID = {
    RequestStatus.ACCEPTED: "is dealing with it",
    RequestStatus.DONE: "has dealt with it",
    RequestStatus.REFUSED: "has not agreed to it",
}
# The words of a back office for how far a request is.
NEWS = {
    "open": RequestStatus.ACCEPTED,
    "accepted": RequestStatus.ACCEPTED,
    "in_progress": RequestStatus.ACCEPTED,
    "investigating": RequestStatus.ACCEPTED,
    "closed": RequestStatus.DONE,
    "done": RequestStatus.DONE,
    "fixed": RequestStatus.DONE,
    "refused": RequestStatus.REFUSED,
    "no_further_action": RequestStatus.REFUSED,
}


class RequestQuerySet(models.QuerySet[AnyRequest]):
    """Requests."""

    def for_resident(self, resident: Resident) -> RequestQuerySet[AnyRequest]:
        """What this resident asked; whoever shares the account or claim does not see it."""
        return self.filter(resident=resident)

    def open(self) -> RequestQuerySet[AnyRequest]:
        """Those that the council has not answered."""
        return self.filter(status__in=OPEN)

    def newest(self) -> RequestQuerySet[AnyRequest]:
        """The newest first, with what says what each is and how far it is, and nothing else."""
        shown = ("reference", "kind", "status", "created_at", "delivery__sent_at")
        return self.select_related("delivery").only(*shown).order_by("-created_at", "-pk")


class Requested(models.Model):
    """One request, which leaves through the outbox. `kind` and `answers` are its service's."""

    reference = models.CharField(max_length=20, unique=True)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    # Not a foreign key: the next extract may remove the person, and the request stays.
    person_reference = models.CharField(max_length=40)
    summary = models.JSONField(help_text="Questions and answers as they were read.")
    form_token = models.UUIDField(unique=True, help_text="The same form again is this request.")
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.RECEIVED)
    status_at = models.DateTimeField(default=timezone.now)
    message = models.TextField(blank=True, help_text="What the team said last.")
    delivery = models.OneToOneField(
        "outbox.Delivery", on_delete=models.PROTECT, related_name="%(app_label)s_request"
    )
    created_at = models.DateTimeField(default=timezone.now)

    # The team of the council that answers, as its pages call it.
    team: str

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether its team has still to answer."""
        return self.status in OPEN

    @property
    def state(self) -> str:
        """How far it is, in words: on its way, with the team, or what the team said."""
        if said := SAID.get(RequestStatus(self.status)):
            return f"The {self.team} {said}"
        if sent_at := self.delivery.sent_at:
            return f"Sent to the {self.team} on {moment(sent_at)}"
        return f"Received on {moment(self.created_at)}, and on its way to the {self.team}"


def complete(answers: Mapping[str, Sequence[str]]) -> Q:
    """The condition that each kind has the answers that it must have, by their names."""
    condition = Q()
    for kind, names in answers.items():
        condition |= Q(kind=str(kind), answers__has_keys=list(names))
    return condition


def send_once(
    request: AnyRequest, requests: RequestQuerySet[AnyRequest], save: Callable[[], None]
) -> AnyRequest:
    """The request once `save` has stored it and its delivery; the same form again gives the same.

    Raises AlreadyAsked where another one of its kind is open.
    """
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        mine = requests.for_resident(request.resident)
        if sent := mine.filter(form_token=request.form_token).first():
            return sent
        # The constraint of each service's model that has this name.
        if violated_constraint(error) != f"{request._meta.app_label}_request_one_open":
            raise
        raise AlreadyAsked from error
    return request


@transaction.atomic
def hear(requests: RequestQuerySet[AnyRequest], delivery: Delivery, update: Update) -> bool:
    """Take what the team says of one of these; False where the delivery is none of theirs."""
    request = requests.select_for_update().filter(delivery=delivery).first()
    if request is None:
        return False
    status = NEWS.get(update.status.lower())
    if status is None:
        logger.warning("Request %s: nobody knows the status “%s”.", request, update.status)
    elif update.updated_at >= request.status_at:
        request.status, request.status_at = status, update.updated_at
        request.message = update.description
        request.save(update_fields=["status", "status_at", "message"])
    return True
