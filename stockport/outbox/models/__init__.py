"""What leaves the portal and what comes back (architecture, section 6)."""

from stockport.outbox.models.deliveries import Attempt, Delivery
from stockport.outbox.models.destinations import Destination
from stockport.outbox.models.mornings import MorningMail
from stockport.outbox.models.updates import InboundUpdate

__all__ = ["Attempt", "Delivery", "Destination", "InboundUpdate", "MorningMail"]
