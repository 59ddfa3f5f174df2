"""Everything that leaves the portal (architecture, section 6): where to, what, and every try."""

from stockport.outbox.models.deliveries import Attempt, Delivery
from stockport.outbox.models.destinations import Destination

__all__ = ["Attempt", "Delivery", "Destination"]
