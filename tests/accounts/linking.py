"""A record to link, and trying to: with the action, and through the pages."""

from __future__ import annotations

import re

from django.urls import reverse

from accounts.linking import letters
from accounts.linking.claim import Claim, Proof
from accounts.linking.proving import prove
from accounts.models import Person, Resident
from council_tax.models import Account
from stockport.keyed import keyed
from stockport.outbox.models import Delivery
from tests.client import PortalClient
from tests.factories.accounts import PersonFactory
from tests.factories.council_tax import AccountFactory, LiabilityFactory

KEY = Proof(online_key="7k4p 2wqx")
WRONG = Proof(online_key="0000-0000")
FACTS = Proof(phone_last3="042", bank_last3="917")
TOKEN = re.compile(rb"value=\"[A-Za-z0-9]{64}\"|data-session=\"[0-9]+\"|data-session-clock>[^<]+")
JOURNEY = "5b7f1d0e-52a4-4f6b-9d5e-0c8f2f1f7a10"


def make_person(**fields: object) -> Person:
    """Somebody of whom the council holds every proof."""
    held = {
        "address": "1 Mill Lane, Stockport",
        "online_key": keyed("7K4P-2WQX"),
        "phone_last3": keyed("042"),
        "bank_last3": keyed("917"),
        "ni_number": keyed("QQ123456C"),
    }
    return PersonFactory.create(**{**held, **fields})


def make_account(person: Person, reference: str = "5020000001") -> Account:
    """Their council tax account, whose number they type."""
    account = AccountFactory.create(reference=reference)
    LiabilityFactory.create(account=account, person=person)
    return account


def claim_of(person: Person, reference: str = "5020000001") -> Claim:
    """What they type of their bill."""
    return Claim("council-tax", reference, person.forenames, person.surname, person.postcode)


def tried(resident: Resident, claim: Claim, proof: Proof, address: str = "192.0.2.1") -> bool:
    return prove(resident=resident, claim=claim, proof=proof, address=address).linked


def letter_pin() -> str:
    """The PIN in the one letter that went."""
    [letter] = Delivery.objects.filter(kind="letter")
    return str(letter.payload["body"].partition("Your PIN: ")[2][: letters.DIGITS])


def answer_all(portal: PortalClient, **changed: str) -> None:
    """Answer every page before the last."""
    typed = {"reference": "5020000001", "forenames": "Ada", "surname": "Shaw"}
    typed |= {"postcode": "SK1 3XE", "online_key": "7K4P2WQX", "service": "council-tax"}
    typed |= {"way": "key"} | changed
    slugs = ["service", "number", "name", "way"] + [typed["way"]] * (typed["way"] == "key")
    for slug in slugs:
        answer = portal.post(reverse("accounts:link_step", args=[JOURNEY, slug]), typed)
        assert answer.status_code == 302, answer.page.errors


def walk(portal: PortalClient, **changed: str) -> tuple[str, int, bytes]:
    """Answer every page and send; what a visitor learns from that and from the page it leads to."""
    answer_all(portal, **changed)
    portal.give_password()
    answer = portal.post(reverse("accounts:link_check", args=[JOURNEY]))
    last = portal.get(answer["Location"])
    return answer["Location"], last.status_code, TOKEN.sub(b"", last.content)
