"""Browsers can fill in what they know of a resident (WCAG 1.3.5), and every form speaks for itself.

The forms come from the code, so that a new field fails here until somebody has said what it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from django import forms
from django.urls import get_resolver, reverse

from accounts.models import Resident
from tests.client import PortalClient
from tests.estate import verified_sign_in

# What the field asks of a resident, and its token: https://www.w3.org/TR/WCAG22/#input-purposes
TOKENS = {
    "address": "street-address",
    "code": "one-time-code",
    "date_of_birth": "bday",
    "email": "email",
    "forenames": "given-name",
    "holder": "name",
    "new_address": "street-address",
    "phone": "tel",
    "postcode": "postal-code",
    "surname": "family-name",
    "text_to": "tel",
}
# What no token is about: figures, dates, words for the council, other people, keys of a letter.
OTHERS = {
    *("account", "alone_since", "amount", "bank_last3", "carers", "children", "council_tax"),
    *("credit", "credit_most", "description", "earnings", "information", "joined_on", "language"),
    *("late", "more", "moved_on", "name", "ni_number", "notes", "on", "online_key", "other_income"),
    *("others", "paid", "phone_last3", "pin", "q", "reference", "rent", "roll_number", "savings"),
    *("since", "sort_code", "tells", "text", "what", "where", "why", "working"),
}
ABOUT_PLACES = {("street_reports.forms.asset", "postcode")}
# allauth's, which are dressed when they are made (below); staff's; and what programs send.
APART = ("accounts.forms", "accounts.second_step", "accounts.why", "stockport.gallery")
APART += ("street_reports.forms.caller",)
APART += ("street_reports.boxes", "street_reports.forms.map", "street_reports.open311")
OURS = ("accounts.", "appointments.", "benefits.", "council_tax.", "stockport.", "street_reports.")
# What is said is set when the form is made, or is nothing that is shown: a button was pressed.
SAID_LATER = {"answer", "asset", "act"}
CHOSEN = (forms.RadioSelect, forms.Select, forms.CheckboxInput, forms.CheckboxSelectMultiple)
CHOSEN += (forms.HiddenInput, forms.FileInput)
SIGNED_OUT = {
    "account_login": {"login": "username", "password": "current-password"},
    "account_signup": {"email": "username", "password1": "new-password"},
    "account_request_login_code": {"email": "username"},
    "account_reset_password": {"email": "username"},
}
SIGNED_IN = {
    "account_change_password": {"oldpassword": "current-password", "password1": "new-password"},
    "account_email": {"email": "email"},
    "account_reauthenticate": {"password": "current-password"},
}


def kinds(of: type) -> Iterator[type]:
    """Every form of residents, and what forms are made of."""
    for kind in of.__subclasses__():
        yield from kinds(kind)
        module = kind.__module__
        staff = module.startswith(APART) or "admin" in module or "staff" in module
        # Not what Django or another test has made of one in the meantime.
        is_written = getattr(sys.modules[module], kind.__name__, None) is kind
        if module.startswith(OURS) and is_written and not staff:
            yield kind


def fields() -> Iterator[tuple[type, str, forms.Field]]:
    """Each field that they declare."""
    get_resolver().url_patterns  # noqa: B018  # loads every view, and with it every form
    for kind in set(kinds(forms.BaseForm)):
        for name, field in getattr(kind, "base_fields", {}).items():
            yield kind, name, field


def test_field_about_the_resident_says_what_a_browser_may_fill_in() -> None:
    faults = []
    for kind, name, field in fields():
        if isinstance(field.widget, CHOSEN) or (kind.__module__, name) in ABOUT_PLACES:
            continue
        token = field.widget.attrs.get("autocomplete", "off")
        if name not in OTHERS and token != TOKENS.get(name):
            faults.append(f"{kind.__name__}.{name}: {token}, not {TOKENS.get(name)}")
    assert not faults, "\n".join(faults)


def test_each_word_of_the_lists_is_a_field() -> None:
    declared = {name for _, name, _ in fields()}
    assert (OTHERS | TOKENS.keys()) - {"code", "name"} <= declared


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_signs_in_is_helped_by_a_password_manager(
    portal: PortalClient, resident: Resident, signed_in: bool
) -> None:
    if signed_in:
        verified_sign_in(portal, resident)
    for page, expected in (SIGNED_IN if signed_in else SIGNED_OUT).items():
        found = portal.get(reverse(page)).page.select("main input:not([type=hidden]):not([hidden])")
        assert {field.get("name"): field.get("autocomplete") for field in found} == expected


def test_no_form_says_this_field_is_required() -> None:
    faults = []
    for kind, name, field in fields():
        said = [str(field.error_messages.get(key, "")) for key in ("required", "invalid")]
        jargon = [words for words in said if words.startswith(("This field", "Enter a valid"))]
        shown = name not in SAID_LATER and not isinstance(field.widget, forms.HiddenInput)
        if field.required and shown and jargon:
            faults.append(f"{kind.__module__}.{kind.__name__}.{name}: {jargon}")
    assert not faults, "\n".join(faults)
