"""Signing in with a code from an e-mail instead of a password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from stockport.outbox.models import Delivery
from tests.client import PortalClient

ASK, CODE = reverse("account_request_login_code"), reverse("account_confirm_login_code")
ACCOUNT = reverse("accounts:index")


def mailed() -> str:
    """The code of the newest e-mail."""
    body = Delivery.objects.latest("created_at").payload["body"]
    return re.search(r"\b\d{6}\b", body)[0]


@pytest.fixture
def asked(portal, verified) -> PortalClient:
    assert portal.post(ASK, {"email": verified.email}).url == CODE
    return portal


def test_resident_signs_in_with_the_code(asked):
    assert asked.get(CODE).page.h1 == "Check your e-mail"
    assert asked.post(CODE, {"code": mailed()}).status_code == 302
    assert asked.get(ACCOUNT).status_code == 200


def test_page_of_sign_in_leads_there(portal):
    hrefs = [a.get("href") for a in portal.get(reverse("account_login")).page.select("main a")]
    assert ASK in hrefs


def test_stranger_gets_the_same_answers_and_no_code(portal, verified):
    known, unknown = portal, PortalClient()
    first = known.post(ASK, {"email": verified.email})
    second = unknown.post(ASK, {"email": "nobody@example.org"})
    assert (first.status_code, first.url) == (second.status_code, second.url)
    pages = [
        client.get(CODE).page.text("main").replace(email, "")
        for client, email in ((known, verified.email), (unknown, "nobody@example.org"))
    ]
    assert pages[0] == pages[1]
    to_stranger = Delivery.objects.get(payload__to=["nobody@example.org"])
    assert not re.search(r"\b\d{6}\b", to_stranger.payload["body"])


def test_code_works_once(asked):
    code = mailed()
    asked.post(CODE, {"code": code})
    asked.post(reverse("account_logout"))
    assert asked.post(CODE, {"code": code}).url == ASK


def test_code_is_for_the_browser_that_asked(asked):
    assert PortalClient().post(CODE, {"code": mailed()}).url == ASK


def test_three_wrong_codes_end_it(asked):
    code = mailed()
    wrong = "000000" if code != "000000" else "000001"
    assert asked.post(CODE, {"code": wrong}).page.errors == [
        "The code is not right. Check the e-mail and enter it again"
    ]
    asked.post(CODE, {"code": wrong})
    assert asked.post(CODE, {"code": wrong}).url == ASK
    assert asked.post(CODE, {"code": code}).url == ASK


def test_code_is_over_after_a_quarter_of_an_hour(asked):
    code = mailed()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        asked.post(CODE, {"code": code})
        assert asked.get(ACCOUNT).status_code == 302


def test_nobody_is_flooded_with_codes(verified):
    for _ in range(3):
        assert PortalClient().post(ASK, {"email": verified.email}).url == CODE
    refused = PortalClient().post(ASK, {"email": verified.email})
    assert "too many tries" in refused.page.errors[0]
    assert Delivery.objects.count() == 3


def test_empty_form_says_what_to_enter(portal, asked):
    assert PortalClient().post(ASK, {}).page.errors == ["Enter your e-mail address"]
    assert asked.post(CODE, {}).page.errors == ["Enter the code from the e-mail"]
