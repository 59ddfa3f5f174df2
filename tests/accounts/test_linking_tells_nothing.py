"""What a try costs says no more than its page: the same statements, whatever was wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.linking import letters
from accounts.linking.claim import Claim
from accounts.linking.proving import prove_by_pin
from accounts.models import LetterPin, Person, Resident
from stockport.outbox.models import Delivery
from tests.accounts.linking import FACTS, WRONG, make_account, make_person, tried
from tests.factories.accounts import PersonLinkFactory, ResidentFactory

VALUES = re.compile(r"'[^']*'|\b\d+\b|\bNULL\b")
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
Try = Callable[[Resident, Claim], object]


def by_key(resident: Resident, claim: Claim) -> None:
    tried(resident, claim, WRONG)


def by_facts(resident: Resident, claim: Claim) -> None:
    tried(resident, claim, replace(FACTS, bank_last3="000"))


def by_pin(resident: Resident, claim: Claim) -> None:
    prove_by_pin(resident=resident, claim=claim, pin="12345678", address="a")


def by_post(resident: Resident, claim: Claim) -> None:
    letters.ask_for_letter(resident=resident, claim=claim)


def statements(guess: Try, resident: Resident, claim: Claim) -> list[str]:
    """What the database is asked to read and write, without the values."""
    with CaptureQueriesContext(connection) as queries:
        guess(resident, claim)
    asked = [VALUES.sub("?", query["sql"]) for query in queries]
    return [sql for sql in asked if not sql.startswith(SAVEPOINTS)]


@pytest.fixture
def guesses(claim: Claim, person: Person) -> list[tuple[Resident, Claim]]:
    """The same guess at nobody, at somebody else, and at people in every state."""
    linked, posted = make_person(forenames="Bo"), make_person(forenames="Cy")
    PersonLinkFactory.create(person=linked)
    for number, owner in ((2, linked), (3, posted)):
        make_account(owner, f"502000000{number}")
    waiting = ResidentFactory.create()
    of_posted = replace(claim, reference="5020000003", forenames="Cy")
    letters.ask_for_letter(resident=waiting, claim=of_posted)
    return [
        (ResidentFactory.create(), replace(claim, reference="5020000009")),
        (ResidentFactory.create(), replace(claim, surname="Shore")),
        (ResidentFactory.create(), replace(claim, postcode="SK1 3XF")),
        (ResidentFactory.create(), claim),
        (ResidentFactory.create(), replace(claim, reference="5020000002", forenames="Bo")),
        (ResidentFactory.create(), of_posted),
        (waiting, of_posted),
    ]


@pytest.mark.parametrize("guess", [by_key, by_facts, by_pin, by_post])
def test_guess_asks_the_same_of_the_database_whoever_it_is_about(
    guess: Try, guesses: list[tuple[Resident, Claim]]
) -> None:
    first, *others = [statements(guess, resident, claim) for resident, claim in guesses]
    for other in others:
        assert other == first


def test_letter_that_does_not_go_leaves_nothing_behind(
    resident: Resident, claim: Claim, person: Person
) -> None:
    letters.ask_for_letter(resident=resident, claim=replace(claim, reference="1"))
    Person.objects.filter(pk=person.pk).update(address="")
    letters.ask_for_letter(resident=resident, claim=claim)
    assert not Delivery.objects.exists() and not LetterPin.objects.exists()


def test_statements_would_show_a_difference(resident: Resident, claim: Claim) -> None:
    """The negative control: a try that links costs more, and is seen to."""
    wrong = statements(by_facts, ResidentFactory.create(), claim)
    right = statements(lambda who, what: tried(who, what, FACTS), resident, claim)
    assert right != wrong
