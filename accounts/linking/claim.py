"""Whose record somebody says is theirs, and which people of the council's it can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hmac import compare_digest

from accounts import matching
from accounts.models import Person
from stockport.keyed import keyed, was_keyed
from stockport.services import services

FACTS_NEEDED = 2
NOBODY = 0  # no row has this key


@dataclass(frozen=True)
class Claim:
    """What a resident types from a bill or letter: which record, and whose it is."""

    service: str
    reference: str
    forenames: str
    surname: str
    postcode: str

    @property
    def target(self) -> str:
        """What tries are counted under, the same whether there is such a record or not."""
        return keyed(f"target {self.service} {matching.reference(self.reference)}")

    def people(self) -> list[Person]:
        """The people with this reference, name and postcode (theirs, or the place's)."""
        return [person for person, places in self.behind() if self._fits(person, places)]

    def behind(self) -> list[tuple[Person, set[str]]]:
        """Whoever has this reference, with the postcodes of the places that it is about."""
        written = matching.written(self.reference)
        service = next((one for one in services() if one.slug == self.service), None)
        places: dict[int, set[str]] = {}
        for pk, postcode in service.people_behind(written) if service and written else ():
            places.setdefault(pk, set()).add(matching.postcode(postcode))
        # A number that nobody has costs the same look-up as one that somebody has.
        found = Person.objects.filter(pk__in=list(places) or [NOBODY]).order_by("pk")
        return [(person, places[person.pk]) for person in found]

    def _fits(self, person: Person, places: set[str]) -> bool:
        typed = matching.postcode(self.postcode)
        is_there = typed != "" and typed in places | {matching.postcode(person.postcode)}
        return is_there and matching.same_person(
            forenames=self.forenames,
            surname=self.surname,
            held_forenames=person.forenames,
            held_surname=person.surname,
        )


@dataclass(frozen=True)
class Proof:
    """One more thing that only the person knows: a key, a PIN, or two facts of four.

    The National Insurance number comes as its keyed hash: the form keeps nothing else of it.
    """

    online_key: str = ""
    phone_last3: str = ""
    bank_last3: str = ""
    ni_number: str = ""
    date_of_birth: date | None = None

    def fits(self, person: Person) -> bool:
        """Whether it proves that somebody is this person. One wrong fact spoils two right ones."""
        if self.online_key:
            return _same(self.online_key, person.online_key)
        facts = [
            _same(typed, held)
            for typed, held in (
                (self.phone_last3, person.phone_last3),
                (self.bank_last3, person.bank_last3),
            )
            if typed
        ]
        if self.ni_number:
            facts.append(compare_digest(self.ni_number, person.ni_number))
        if self.date_of_birth:
            facts.append(self.date_of_birth == person.date_of_birth)
        return len(facts) >= FACTS_NEEDED and all(facts)


def _same(typed: str, held: str) -> bool:
    """Whether the typed text hashes to the one that is held, in the same time either way."""
    return was_keyed(typed, held or keyed("nothing is held")[::-1])
