"""What there is before a drill: tables, residents with passwords, street lights, one team.

Run by tests/drills/world.py as a process of its own, against the drill's own database.
"""

from __future__ import annotations

import sys

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.backoffice import API_KEY  # noqa: E402
from tests.drills.residents import MOST, RESIDENTS, UNKNOWN_FAULT, email, street  # noqa: E402
from tests.factories.accounts import ResidentFactory  # noqa: E402
from tests.factories.street_reports import AssetFactory, DestinationFactory, FaultTypeFactory  # noqa: E402


def seed() -> None:
    """Residents who can sign in, and a light on each of as many streets as there are reports."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    FaultTypeFactory(code=UNKNOWN_FAULT, name="It is something that nobody has heard of")
    DestinationFactory(api_key=API_KEY)
    for number in range(MOST):
        AssetFactory(street=street(number), feature_id="001")
    for number in range(RESIDENTS):
        resident = ResidentFactory(email=email(number))
        EmailAddress.objects.create(
            user=resident, email=resident.email, verified=True, primary=True
        )


if __name__ == "__main__":
    sys.exit(seed())
