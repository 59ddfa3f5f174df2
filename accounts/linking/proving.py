"""Trying to prove it: counted, written down, and answered in one way whatever was wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.actions import AlreadyLinked, link_person
from accounts.linking import letters
from accounts.linking.budgets import may_guess, take_turns, tries_left
from accounts.linking.claim import NOBODY, Claim, Proof
from accounts.linking.telling import FAILED, tell_others
from accounts.models import LinkAttempt, Person, PersonLink, Resident
from stockport.keyed import keyed

METHODS = {
    LinkAttempt.Way.KEY: PersonLink.Method.ONLINE_KEY,
    LinkAttempt.Way.FACTS: PersonLink.Method.DETAILS,
    LinkAttempt.Way.PIN: PersonLink.Method.LETTER_CODE,
}


@dataclass(frozen=True)
class Result:
    """What a try came to: linked, or how many are left today. Never which answer was wrong."""

    linked: bool
    left: int


def prove(*, resident: Resident, claim: Claim, proof: Proof, address: str) -> Result:
    """Link the resident by an online key or two facts, where they and the claim are right."""
    way = LinkAttempt.Way.KEY if proof.online_key else LinkAttempt.Way.FACTS
    return _attempt(resident, claim, way, address, proof.fits)


def prove_by_pin(*, resident: Resident, claim: Claim, pin: str, address: str) -> Result:
    """Link the resident by the PIN of a letter that they asked for."""

    def fits(person: Person) -> bool:
        return letters.try_pin(resident=resident, person=person, pin=pin)

    return _attempt(resident, claim, LinkAttempt.Way.PIN, address, fits)


def _attempt(
    resident: Resident,
    claim: Claim,
    way: LinkAttempt.Way,
    address: str,
    fits: Callable[[Person], bool],
) -> Result:
    """One try. Who has none left makes nobody wait, and writes nothing."""
    where = keyed(f"address {address}")
    if not tries_left(resident, where):
        return Result(linked=False, left=0)
    with transaction.atomic():
        take_turns(f"resident {resident.pk}", where, claim.target)
        left = tries_left(resident, where)  # others may have tried meanwhile
        return _compare(resident, claim, way, where, fits, left)


def _compare(
    resident: Resident,
    claim: Claim,
    way: LinkAttempt.Way,
    where: str,
    fits: Callable[[Person], bool],
    left: int,
) -> Result:
    """A record that was guessed at too often answers as if every guess were wrong."""
    if not left:
        return Result(linked=False, left=0)
    if way == LinkAttempt.Way.FACTS and not may_guess(claim.target):
        fits = _never
    # Where it is nobody the same is done about nobody: time tells nothing.
    people = claim.people() or [Person(pk=NOBODY)]
    right = _right(resident, people, fits)
    person = right[0] if len(right) == 1 else None
    LinkAttempt.objects.create(
        resident=resident, target=claim.target, address=where, way=way, matched=person is not None
    )
    if person:
        _link(resident, person, METHODS[way])
        return Result(linked=True, left=left)
    _write_down(resident, way, people, last=left == 1)
    return Result(linked=False, left=left - 1)


def _never(person: Person) -> bool:
    """No answer is right."""
    return False


def _right(
    resident: Resident, people: Sequence[Person], fits: Callable[[Person], bool]
) -> list[Person]:
    """Whom the answers prove the resident to be; failing that, whom they are linked to already.

    So the second press of a button is no wrong try, though a PIN works once. A link that staff have
    revoked is not made again by whoever still has the bill.
    """
    links = PersonLink.objects.for_resident(resident).filter(person__in=people)
    newest = {link.person_id: link for link in links.order_by("linked_at", "pk")}
    free = [
        person
        for person in people
        if person.pk not in newest or not newest[person.pk].is_ended_by_staff
    ]
    return [person for person in free if fits(person)] or [
        person for person in free if person.pk in newest and newest[person.pk].is_active
    ]


def _write_down(
    resident: Resident, way: LinkAttempt.Way, people: Sequence[Person], *, last: bool
) -> None:
    """That a try failed, and that it was the last: what is refused after it writes nothing."""
    whose = [None if person.pk == NOBODY else person for person in people]
    audit.record_all(FAILED, resident=resident, people=whose, detail=way.label)
    if last:
        audit.record("link_locked", resident=resident, actor=resident)


def _link(resident: Resident, person: Person, method: PersonLink.Method) -> None:
    """Link them, unless they are linked already, and tell whoever else is."""
    try:
        link_person(resident=resident, person=person, method=method, level=PersonLink.Level.STRONG)
    except AlreadyLinked:
        return
    tell_others(person, but=resident)
