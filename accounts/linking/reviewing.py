"""Staff compare and decide where no answer can: a wrong name, a new home, no bill yet."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import AlreadyLinked, link_person, revoke_link
from accounts.linking.claim import Claim
from accounts.linking.telling import send, tell_others
from accounts.models import LinkRequest, Person, PersonLink, Resident
from stockport.db import on_violation


class RequestError(Exception):
    """A request cannot be made or decided."""


class AlreadyAsked(RequestError):
    """The resident has a request that staff have not decided."""


class AlreadyDecided(RequestError):
    """Somebody has decided the request."""


@transaction.atomic
def ask_staff(*, resident: Resident, claim: Claim, tells: str) -> LinkRequest:
    """Have staff look at it. Raises AlreadyAsked while they look at another."""
    with on_violation("accounts_linkrequest_one_waiting", AlreadyAsked()):
        request = LinkRequest.objects.create(
            resident=resident,
            service=claim.service,
            reference=claim.reference,
            forenames=claim.forenames,
            surname=claim.surname,
            postcode=claim.postcode,
            tells=tells,
        )
    audit.record("link_review_asked", resident=resident, actor=resident)
    return request


@transaction.atomic
def approve(*, request: LinkRequest, person: Person, by: Resident) -> LinkRequest:
    """Link the resident to this person and tell them. Raises AlreadyDecided."""
    request = _waiting(request)
    try:
        link_person(
            resident=request.resident,
            person=person,
            method=PersonLink.Method.STAFF,
            level=PersonLink.Level.STRONG,
            linked_by=by,
        )
    except AlreadyLinked:
        pass  # by their own proof, meanwhile
    else:
        tell_others(person, but=request.resident)
    request.person = person
    return _decided(request, LinkRequest.State.LINKED, by, "approved")


@transaction.atomic
def refuse(*, request: LinkRequest, reason: str, by: Resident) -> LinkRequest:
    """Tell the resident why not, in words that help them. Raises AlreadyDecided."""
    request = _waiting(request)
    request.reason = reason
    return _decided(request, LinkRequest.State.REFUSED, by, "refused")


@transaction.atomic
def revoke(*, link: PersonLink, reason: str, by: Resident) -> PersonLink:
    """End the link, and tell the resident why, in words that help them. Raises NotLinked."""
    link = revoke_link(link=link, revoked_by=by, reason=reason)
    send(link.resident, "revoked", person=link.person, reason=reason)
    return link


def _waiting(request: LinkRequest) -> LinkRequest:
    rows = LinkRequest.objects.select_related("resident").select_for_update(of=("self",))
    current = rows.get(pk=request.pk)
    if current.state != LinkRequest.State.WAITING:
        raise AlreadyDecided(str(current))
    return current


def _decided(
    request: LinkRequest, state: LinkRequest.State, by: Resident, what: str
) -> LinkRequest:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.save()
    audit.record(f"link_{what}", resident=request.resident, actor=by, person=request.person)
    send(request.resident, what, reason=request.reason)
    return request
