"""What changes who is linked to whom."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Person, PersonLink, Resident
from stockport.db import on_violation


class LinkError(Exception):
    """A link between a resident and a person cannot be made or ended."""


class AlreadyLinked(LinkError):
    """The resident already has an active link to this person."""


class NotLinked(LinkError):
    """The link has already been revoked."""


@transaction.atomic
def link_person(
    *,
    resident: Resident,
    person: Person,
    method: PersonLink.Method,
    level: PersonLink.Level,
    linked_by: Resident | None = None,
) -> PersonLink:
    """Record that the resident is this person; `linked_by` is staff, None the resident alone.

    Raises AlreadyLinked where an active link exists, also where it was made a moment ago.
    """
    with on_violation("accounts_personlink_one_active", AlreadyLinked(str(person))):
        link = PersonLink.objects.create(
            resident=resident, person=person, method=method, level=level, linked_by=linked_by
        )
    actor = linked_by or resident
    detail = link.get_method_display()
    audit.record("link_made", resident=resident, actor=actor, person=person, detail=detail)
    return link


@transaction.atomic
def revoke_link(*, link: PersonLink, revoked_by: Resident, reason: str = "") -> PersonLink:
    """End the link from now on and keep it as history. Raises NotLinked where it has ended."""
    current = PersonLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if current.revoked_at is not None:
        raise NotLinked(str(link))
    current.revoked_at = timezone.now()
    current.revoked_by = revoked_by
    current.save(update_fields=["revoked_at", "revoked_by"])
    resident, person = current.resident, current.person
    audit.record("link_revoked", resident=resident, actor=revoked_by, person=person, detail=reason)
    return current
