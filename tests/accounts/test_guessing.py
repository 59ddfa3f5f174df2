"""Ten thousand guesses at a record: they open nothing, and lock nobody else out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse

from accounts.linking import budgets
from accounts.linking.claim import Claim, Proof
from accounts.linking.telling import tell_of_tries
from accounts.models import AuditEvent, LinkAttempt, Person, PersonLink, Resident
from stockport.outbox.models import Delivery
from tests.accounts.linking import FACTS, JOURNEY, KEY, claim_of, make_account, make_person, tried
from tests.client import PortalClient
from tests.factories.accounts import PersonLinkFactory, ResidentFactory

GUESSES, ACCOUNTS = 10_000, 20
RIGHT = 917  # how the bank account of which they know everything else ends


def guessers() -> list[Resident]:
    """New accounts, made in one statement."""
    made = [Resident(email=f"guesser{n}@example.org", password="!") for n in range(ACCOUNTS)]
    return Resident.objects.bulk_create(made)


def every_guess() -> Iterator[tuple[int, Proof]]:
    """Who guesses what: all thousand ends of a bank account, ten times over, the right one soon."""
    for number in range(GUESSES):
        bank = (number - ACCOUNTS + RIGHT) % 1000
        yield number % ACCOUNTS, replace(FACTS, bank_last3=f"{bank:03}")


def test_ten_thousand_guesses_open_nothing_and_lock_nobody_else_out(
    claim: Claim, person: Person
) -> None:
    owner = PersonLinkFactory.create(person=person).resident
    neighbour = make_person(forenames="Bo", surname="Shore")
    make_account(neighbour, "5020000002")
    accounts, guesses = guessers(), list(every_guess())
    for who, proof in guesses:
        assert not tried(accounts[who], claim, proof, address=f"192.0.2.{who}")
    assert PersonLink.objects.get().resident == owner
    # What is compared is a hundred, and what is written down is no more than that.
    counted = LinkAttempt.objects.count()
    assert counted == ACCOUNTS * budgets.OF_RESIDENT
    assert AuditEvent.objects.count() <= counted + ACCOUNTS
    assert sum(tell_of_tries() for _ in range(3)) == 1
    assert Delivery.objects.for_resident(owner).count() == 1
    # The owner's household still links by key, and a neighbour by the very facts.
    assert tried(ResidentFactory.create(), claim, KEY, address="198.51.100.1")
    own = claim_of(neighbour, "5020000002")
    assert tried(ResidentFactory.create(), own, FACTS, address="198.51.100.1")


def test_the_right_answer_is_among_the_guesses_that_count(claim: Claim, person: Person) -> None:
    """The negative control: without the limit on a record's facts one of them opens it."""
    accounts = guessers()
    counted = list(every_guess())[: ACCOUNTS * budgets.OF_RESIDENT]
    [(who, proof)] = [guess for guess in counted if guess[1].fits(person)]
    assert counted.index((who, proof)) > budgets.FACTS_OF_TARGET
    assert tried(accounts[who], claim, proof)


def test_sixty_guesses_through_the_pages_use_up_an_address_and_no_other(
    claim: Claim, person: Person
) -> None:
    answers = set()
    for guesser in ResidentFactory.create_batch(budgets.OF_ADDRESS // budgets.OF_RESIDENT):
        visitor = Visitor(guesser, "192.0.2.1")
        for number in range(budgets.OF_RESIDENT):
            answers.add(visitor.guess(f"WRONG-{number}"))
    assert answers == {(302, reverse("accounts:link_no_match"))}
    assert LinkAttempt.objects.count() == budgets.OF_ADDRESS
    there = Visitor(ResidentFactory.create(), "192.0.2.1").guess("7K4P-2WQX")
    assert there == (302, reverse("accounts:link_no_match"))
    elsewhere = Visitor(ResidentFactory.create(), "198.51.100.1").guess("7K4P-2WQX")
    assert elsewhere == (302, reverse("accounts:link_done"))


class Visitor:
    """Somebody at an address, who has answered everything but the key."""

    def __init__(self, resident: Resident, address: str) -> None:
        self.client = PortalClient(REMOTE_ADDR=address)
        self.client.force_login(resident)
        typed = {"service": "council-tax", "reference": "5020000001", "way": "key"}
        typed |= {"forenames": "Ada", "surname": "Shaw", "postcode": "SK1 3XE"}
        for slug in ("service", "number", "name", "way"):
            self.client.post(reverse("accounts:link_step", args=[JOURNEY, slug]), typed)
        self.client.give_password()

    def guess(self, key: str) -> tuple[int, str]:
        """The status, and where it leads."""
        step = reverse("accounts:link_step", args=[JOURNEY, "key"])
        self.client.post(step, {"online_key": key})
        answer = self.client.post(reverse("accounts:link_check", args=[JOURNEY]))
        return answer.status_code, answer["Location"].partition("?")[0]
