"""Where staff see what left the portal, what did not and why, what came back, and put it right."""

from stockport.outbox.admin.deliveries import DeliveryAdmin
from stockport.outbox.admin.destinations import DestinationAdmin
from stockport.outbox.admin.inbound import InboundUpdateAdmin
from stockport.outbox.admin.mornings import MorningMailAdmin

__all__ = ["DeliveryAdmin", "DestinationAdmin", "InboundUpdateAdmin", "MorningMailAdmin"]
