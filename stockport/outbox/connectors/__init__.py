"""The kinds of destination that the portal can talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockport.outbox.connectors.base import Connector
from stockport.outbox.connectors.email import EmailConnector
from stockport.outbox.connectors.govuk_notify import NotifyConnector
from stockport.outbox.connectors.open311 import Open311Connector
from stockport.outbox.connectors.webhook import WebhookConnector

if TYPE_CHECKING:
    from stockport.outbox.models import Destination

CONNECTORS: dict[str, type[Connector]] = {
    "email": EmailConnector,
    "govuk_notify": NotifyConnector,
    "open311": Open311Connector,
    "webhook": WebhookConnector,
}


def connector_for(destination: Destination) -> Connector:
    """The connector that talks to this destination."""
    return CONNECTORS[destination.connector](destination)
