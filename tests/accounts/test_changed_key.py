"""A council changes its SECRET_KEY: what was stored under the one before still works."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.linking.claim import Claim, Proof
from accounts.linking.letters import ask_for_letter
from accounts.linking.proving import prove_by_pin
from accounts.models import Resident, SecondStepRemoval
from stockport.keyed import keyed, was_keyed
from tests.accounts.linking import KEY, letter_pin, tried
from tests.accounts.mail import mails_to
from tests.factories.accounts import PASSWORD

NEW = "another secret key, of fifty letters and more than that"


def change_key(settings: Settings, *, keeping: bool = True) -> None:
    """As docs/operations.md says: the new one, and the one before behind it."""
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keeping else []
    settings.SECRET_KEY = NEW


@pytest.mark.parametrize("keeping", [True, False], ids=["kept", "thrown away"])
@pytest.mark.parametrize("proof", [KEY, Proof(phone_last3="042", bank_last3="917")])
def test_key_of_a_bill_and_facts_prove_it_while_the_old_key_is_kept(
    resident: Resident, claim: Claim, settings: Settings, proof: Proof, keeping: bool
) -> None:
    change_key(settings, keeping=keeping)
    assert tried(resident, claim, proof) == keeping


@pytest.mark.parametrize("keeping", [True, False], ids=["kept", "thrown away"])
def test_pin_in_the_post_works_when_it_comes(
    resident: Resident, claim: Claim, settings: Settings, keeping: bool
) -> None:
    ask_for_letter(resident=resident, claim=claim)
    pin = letter_pin()
    change_key(settings, keeping=keeping)
    proved = prove_by_pin(resident=resident, claim=claim, pin=pin, address="at home")
    assert proved.linked == keeping


def test_link_that_stops_the_removal_of_a_second_step_works(
    resident: Resident, settings: Settings
) -> None:
    SecondStepRemoval.objects.create(resident=resident, link=keyed("a secret"))
    change_key(settings)
    assert SecondStepRemoval.objects.of_link("a secret").get().resident == resident
    assert not SecondStepRemoval.objects.of_link("another").exists()


def test_browser_that_was_used_before_is_no_news(verified: Resident, settings: Settings) -> None:
    browser, typed = Client(), {"login": verified.email, "password": PASSWORD}
    browser.post(reverse("account_login"), typed)
    before = len(mails_to(verified.email))
    change_key(settings)
    browser.cookies.pop("sessionid")
    assert browser.post(reverse("account_login"), typed).status_code == 302
    assert len(mails_to(verified.email)) == before


def test_hash_of_another_text_or_key_is_not_taken(settings: Settings) -> None:
    held = keyed("7K4P-2WQX")
    change_key(settings)
    assert was_keyed("7k4p 2wqx", held) and not was_keyed("7K4P-2WQY", held)
    settings.SECRET_KEY_FALLBACKS = ["yet another"]
    assert not was_keyed("7K4P-2WQX", held)
