"""What every page needs: the council's name, the services for navigation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from stockport.services import services


def portal(request: HttpRequest) -> dict[str, Any]:
    """Names, contact routes and services for the page template."""
    elsewhere = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
    return {**names(), "services": services(), "sign_in_elsewhere": elsewhere}


def names() -> dict[str, str]:
    """What the council and the portal are called, and where to ask for help."""
    return {
        "council_name": settings.COUNCIL_NAME,
        "service_name": settings.SERVICE_NAME,
        "contact_url": settings.CONTACT_URL,
        "emergency_phone": settings.EMERGENCY_PHONE,
    }
