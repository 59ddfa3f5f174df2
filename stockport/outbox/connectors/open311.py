"""Hands reports to an Open311 GeoReport v2 system, and photos and notes as updates of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.db.models import Max, Min

from stockport import http
from stockport.outbox.connectors import georeport, lookup
from stockport.outbox.connectors.asking import (
    LOOKING_UP,
    POLLING,
    SENDING,
    Failed,
    Stakes,
    ask,
    described,
    read,
)
from stockport.outbox.connectors.base import CannotFetch, Outcome, Update
from stockport.outbox.workflow import State

if TYPE_CHECKING:
    from stockport.outbox.models import Delivery, Destination

logger = logging.getLogger(__name__)

PHOTO, NOTE = "photo", "note"
PHOTO_WORDS = "Photo from the person who reported this."
UPDATES = (PHOTO, NOTE)  # kinds of delivery that add to a report which is there


class Open311Connector:
    """Talks to one GeoReport v2 system."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination
        self.key = {"api_key": destination.api_key} if destination.api_key else {}

    def send(self, delivery: Delivery) -> Outcome:
        """POST the report, or a photo or note as an update of the report that it follows."""
        try:
            if delivery.kind in UPDATES:
                return self._send_update(delivery)
            return self._send_case(delivery)
        except Failed as failed:
            return failed.outcome

    def find(self, delivery: Delivery) -> Outcome:
        """Look for our reference among the system's requests since the delivery was made."""
        if delivery.kind in UPDATES:
            return Outcome(State.RETRY, "The system knows the id of an update it already has.")
        try:
            return self._find_case(delivery)
        except Failed as failed:
            if failed.outcome.state != State.DEAD:
                return failed.outcome
            return Outcome(State.DEAD, f"{lookup.CANNOT_TELL} It said: {failed.outcome.reason}")

    def poll(self, delivery: Delivery) -> Outcome:
        """Ask for the id behind the token."""
        try:
            answer = self._get(POLLING, f"tokens/{delivery.remote_token}")
            accepted = read(POLLING, answer, georeport.read_accepted)
        except Failed as failed:
            # A token that the system has forgotten does not say that the report is lost.
            gone = failed.outcome.state == State.DEAD
            return Outcome(State.UNKNOWN, failed.outcome.reason) if gone else failed.outcome
        return _accepted(answer, accepted)

    def updates(self, start: datetime, end: datetime) -> list[Update]:
        """The system's updates from start to end, oldest first; raises CannotFetch."""
        try:
            params = {"start_date": georeport.moment(start), "end_date": georeport.moment(end)}
            answer = self._get(LOOKING_UP, "servicerequestupdates", {**self.key, **params})
            found = read(LOOKING_UP, answer, georeport.read_updates)
        except Failed as failed:
            raise CannotFetch(failed.outcome) from failed
        return sorted(found, key=lambda update: update.updated_at)

    def keep(self, payload: dict[str, Any]) -> dict[str, Any]:
        """What was reported, without who reported it: the system has that now."""
        return {name: value for name, value in payload.items() if name not in georeport.CONTACT}

    def _send_case(self, delivery: Delivery) -> Outcome:
        form = {**self.key, **georeport.fields(delivery.payload, _reference(delivery))}
        answer = self._post("requests", delivery, data=form)
        return _accepted(answer, read(SENDING, answer, georeport.read_accepted))

    def _send_update(self, delivery: Delivery) -> Outcome:
        name = delivery.payload.get("storage", "")
        is_lost = delivery.kind == PHOTO and not (name and default_storage.exists(name))
        if delivery.depends_on is None or is_lost:
            return Outcome(State.DEAD, "The photo is no longer there.")
        form = {
            **self.key,
            "service_request_id": delivery.depends_on.remote_reference,
            "update_id": str(delivery.pk),
            "status": delivery.payload.get("status", "OPEN"),
            "updated_datetime": georeport.moment(delivery.created_at),
            "description": georeport.clean(delivery.payload.get("description", PHOTO_WORDS)),
        }
        try:
            with _attached(name) as files:
                answer = self._post("servicerequestupdates", delivery, data=form, **files)
        except Failed as failed:
            return _already_there(failed.outcome)
        return described(
            answer,
            State.SENT,
            remote_reference=read(SENDING, answer, georeport.read_update_id),
        )

    def _find_case(self, delivery: Delivery) -> Outcome:
        search = lookup.Search(_reference(delivery))
        first, latest = _tried(delivery)
        end = monotonic() + http.LONGEST_SECONDS
        for page in range(1, lookup.MOST_PAGES + 1):
            params = lookup.params(first, latest, page)
            answer = self._get(LOOKING_UP, "requests", {**self.key, **params})
            if search.add(read(LOOKING_UP, answer, georeport.read_requests)):
                break
            # The lease would end, and somebody else begin the same search.
            if monotonic() > end:
                return described(answer, State.UNKNOWN, lookup.TOO_SLOW, trouble=True)
        return search.outcome(answer)

    def _post(self, path: str, delivery: Delivery, **body: Any) -> http.Answer:
        headers = {"Idempotency-Key": str(delivery.pk)}
        return ask(SENDING, "POST", self._url(path), headers=headers, **body)

    def _get(self, stakes: Stakes, path: str, params: dict[str, str] | None = None) -> http.Answer:
        return ask(stakes, "GET", self._url(path), params=params)

    def _url(self, path: str) -> str:
        return f"{self.destination.endpoint.rstrip('/')}/{path}.xml"


@contextmanager
def _attached(name: str) -> Iterator[dict[str, Any]]:
    """The photo with this name in storage as part of a call, while it is open; none without."""
    if not name:
        yield {}
        return
    with default_storage.open(name) as photo:
        yield {"files": {"photo1": (PurePath(name).name, photo, "image/jpeg")}}


def _reference(delivery: Delivery) -> str:
    """What the system knows it by."""
    return delivery.reference or str(delivery.pk)


def _tried(delivery: Delivery) -> tuple[datetime, datetime]:
    """When the first try began and when this one did, by the database's clock.

    Where the clock of a web server or worker is wrong, the report would be looked for in another
    time, not be found, and be sent twice.
    """
    tries = delivery.attempts.aggregate(first=Min("started_at"), latest=Max("started_at"))
    return tries["first"], tries["latest"]


def _accepted(answer: http.Answer, accepted: georeport.Accepted) -> Outcome:
    if accepted.request_id:
        return described(answer, State.SENT, remote_reference=accepted.request_id)
    return described(
        answer, State.ID_PENDING, "Waiting for the system's reference.", token=accepted.token
    )


def _already_there(outcome: Outcome) -> Outcome:
    """A repeated update_id is an error to some systems (FixMyStreet): the photo is there."""
    if outcome.state == State.DEAD and "already exists" in outcome.reason.lower():
        return Outcome(State.SENT, status_code=outcome.status_code, answer=outcome.answer)
    return outcome
