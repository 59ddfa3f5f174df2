"""Which e-mail addresses are a resident's beyond doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

if TYPE_CHECKING:
    from accounts.models import Resident


def verified_addresses(resident: Resident) -> list[str]:
    """The addresses that the resident has proved to read, in lower case."""
    verified = EmailAddress.objects.filter(user=resident, verified=True)
    return [email.lower() for email in verified.values_list("email", flat=True)]


def resident_of_address(email: str) -> Resident | None:
    """Who has proved to read this address, written in lower case, and can sign in; if anybody."""
    proved = EmailAddress.objects.select_related("user")
    found = proved.filter(email=email, verified=True, user__is_active=True).first()
    return found.user if found else None
