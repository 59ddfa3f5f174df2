"""A service that changes something and then fails to erase the rest."""

from collections.abc import Mapping
from typing import Any

from accounts.models import PersonLink, Resident
from stockport.services import Erasure, Service


class Fails(Service):
    slug = "fails"
    title = "Fails"
    summary = "Fails half-way."

    def export(self, resident: Resident) -> list[tuple[str, list[Mapping[str, Any]]]]:
        return []

    def erase(self, resident: Resident) -> Erasure:
        PersonLink.objects.for_resident(resident).delete()
        raise RuntimeError("The service could not erase everything.")


service = Fails()
