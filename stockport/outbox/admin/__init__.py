"""Where staff see what left the portal, what did not and why, and put it right."""

from stockport.outbox.admin.deliveries import DeliveryAdmin
from stockport.outbox.admin.destinations import DestinationAdmin

__all__ = ["DeliveryAdmin", "DestinationAdmin"]
