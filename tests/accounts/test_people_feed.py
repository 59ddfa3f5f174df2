"""What an extract says of people: the proofs are stored as keyed hashes alone."""

from pathlib import Path

import pytest

from accounts.models import Person
from stockport.feeds.loader import load
from stockport.keyed import keyed
from tests.factories.extract import borough

PROOFS = {
    "online_key": " 7k4p-2wqx",
    "phone_last3": "042",
    "bank_last3": "917",
    "ni_number": "qq 12 34 56 c",
}


@pytest.mark.django_db
def test_proofs_are_hashed_as_what_a_resident_types_is(tmp_path: Path) -> None:
    extract = borough()
    extract.row("people.csv").update(PROOFS)
    load(extract.write(tmp_path / "night"))
    person = Person.objects.get(reference=extract.row("people.csv")["reference"])
    assert person.online_key == keyed("7K4P 2WQX")
    assert (person.phone_last3, person.bank_last3) == (keyed("042"), keyed("917"))
    assert person.ni_number == keyed("QQ123456C")


@pytest.mark.django_db
def test_person_without_proofs_has_none(tmp_path: Path) -> None:
    extract = borough()
    load(extract.write(tmp_path / "night"))
    assert set(Person.objects.values_list("online_key", "phone_last3")) == {("", "")}
