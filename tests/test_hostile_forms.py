"""Whatever is sent through a form of the portal is answered with words that help, and is kept."""

from __future__ import annotations

from itertools import product

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from accounts.models import Resident
from stockport.text import visible
from tests.client import PortalClient
from tests.estate import Estate
from tests.factories.accounts import ResidentFactory
from tests.page import Page
from tests.sent_form import SentForm, forms_of, undone

ODD_VALUES = {
    "nothing": [""],
    "spaces": ["   \t\r\n "],
    "long": ["x" * 10_000],
    "long line of emoji": ["\N{PILE OF POO}" * 3_000],
    "NUL and control characters": ["a\0b\x01\x0b\x1b[2Jb"],
    "markup": ["' OR 1=1 --\"><script>alert(${7*7})</script>"],
    "line of a header": ["a@example.org\r\nBcc: b@example.org"],
    "large number": ["-" + "9" * 40],
    "other digits": ["٢٢٢٢٢٢"],
    "not UTF-8, twice": ["one", b"\xff\xfe"],
}
# Fields of models that no form asks for.
UNASKED = {
    "resident": "OTHER",
    "resident_id": "OTHER",
    "user": "OTHER",
    "user_id": "OTHER",
    "person": "OTHER",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "",
    "verified": "on",
    "status": "booked",
    "state": "sent",
    "reference": "MARKER",
    "public_id": "MARKER",
    "form_token": "MARKER",
    "starts_at": "MARKER",
    "location": "MARKER",
    "balance": "0",
}
VISITING = {
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_signup",
    "account_signup_by_passkey",
    "council_tax:estimate",
}
NO_ACCOUNT = {"street_reports:without_account_check", "street_reports:without_account_step"}
SIGNED_IN = {
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "account_reset_password",
    "accounts:close",
    "accounts:devices",
    "accounts:keep_second_step",
    "accounts:link_remove",
    "accounts:link_step",
    "appointments:cancel",
    "appointments:check",
    "appointments:earlier",
    "appointments:move",
    "appointments:offer",
    "appointments:places",
    "appointments:step",
    "appointments:text",
    "appointments:times",
    "benefits:change_check",
    "benefits:change_step",
    "benefits:disagree_check",
    "benefits:disagree_step",
    "benefits:estimate",
    "benefits:evidence",
    "benefits:forget",
    "benefits:what_if",
    "council_tax:ask_check",
    "council_tax:ask_step",
    "council_tax:estimate",
    "home:calendar",
    "street_reports:act",
    "street_reports:confirm",
    "street_reports:delete_draft",
    "street_reports:fixed",
    "street_reports:new_check",
    "street_reports:new_step",
    "street_reports:stop",
}
# What Django and allauth say where a form does not use words of its own.
STOCK_WORDS = ("this field", "ensure", "valid", "null char", "required", "please", "select a v")


def every_form(estate: Estate, portal: PortalClient) -> list[SentForm]:
    """Every form of the portal: those of somebody signed in, and those of visitors."""
    estate.sign_in(portal)
    pages = [str(address) for address in estate.pages if address.name in SIGNED_IN]
    found = [form for page in pages for form in forms_of(portal, page)]
    visitor, new = PortalClient(), PortalClient()
    link = visitor.get(str(estate.reset_link())).url
    new.post(reverse("account_signup"), {"email": "n@example.org", "password1": "purple otter"})
    found += [f for name in VISITING for f in forms_of(visitor, reverse(name))]
    found += forms_of(visitor, link)
    estate.visit(visitor)
    found += [form for address in estate.visiting for form in forms_of(visitor, str(address))]
    return found + forms_of(new, reverse("account_email_verification_sent"))


@pytest.fixture
def forms(estate: Estate, portal: PortalClient) -> list[SentForm]:
    return every_form(estate, portal)


def test_every_page_with_a_form_is_tried_here(estate: Estate, portal: PortalClient) -> None:
    visitor = [a.name for a in estate.plain if forms_of(portal, str(a))]
    estate.visit(portal)
    no_account = [a.name for a in estate.visiting if forms_of(portal, str(a))]
    estate.sign_in(portal)
    signed_in = [a.name for a in estate.pages if forms_of(portal, str(a))]
    assert (set(visitor), set(no_account)) == (VISITING, NO_ACCOUNT)
    assert set(signed_in) == SIGNED_IN


def faults_of(form: SentForm, name: str, odd: list[str | bytes]) -> list[str]:
    """What is wrong with the answer to a form in which one field is odd."""
    answer = form.send(**{name: odd})
    if answer.status_code == 302:
        after = form.portal.get(answer.url, follow=True)
        return [] if after.status_code == 200 else [f"{after.status_code} after it"]
    if answer.status_code not in (200, 409) or not answer.page.errors:
        return [f"{answer.status_code} {answer.page.h1} and no error"]
    page, faults = answer.page, []
    links = page.select(".govuk-error-summary__list a[href^='#']")
    if len(links) != len(page.errors):
        faults.append("an error leads to no field")
    faults += [e for e in page.errors if any(word in e.lower() for word in STOCK_WORDS)]
    for other, kind in form.fields.items():
        typed = odd[-1] if other == name else form.data[other]
        if not is_kept(page, other, kind, typed):
            faults.append(f"{other} is lost")
    return faults


def is_kept(page: Page, name: str, kind: str, typed: str | bytes) -> bool:
    """Whether what was typed is in its field again; a password must not be."""
    controls = page.select(f"[name='{name}']")
    if kind == "password":
        return all(not control.get("value") for control in controls)
    if kind in ("radio", "checkbox", "file") or isinstance(typed, bytes):
        return bool(controls)
    [control] = controls
    shown = control.text if kind == "textarea" else control.get("value")
    return visible(typed).split() == (shown or "").split()


@pytest.mark.slow
def test_odd_answer_gets_words_that_help_and_is_kept(forms: list[SentForm]) -> None:
    faults = []
    for form in forms:
        for name, (kind, odd) in product(form.fields, ODD_VALUES.items()):
            with undone(form.portal):
                found = faults_of(form, name, odd)
            faults += [f"{form.url} {name}, {kind}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


def test_form_without_any_answer_gets_words_that_help(forms: list[SentForm]) -> None:
    for form in forms:
        if form.fields:
            with undone(form.portal):
                answer = form.portal.post(form.url)
                assert answer.status_code == 302 or answer.page.errors, form.url


def outcome() -> dict[str, list[tuple[object, ...]]]:
    """Who owns what, in which state, with which figures: what no two runs differ in."""
    found = {}
    for model in apps.get_models():
        telling = [field for field in model._meta.concrete_fields if is_telling(field)]
        owner = {field.name: "__email" for field in telling if field.related_model is Resident}
        names = [f"{field.name}{owner.get(field.name, '')}" for field in telling]
        rows = model._base_manager.values_list(*names) if names else []
        found[model._meta.label] = sorted(rows, key=str)
    return found


def is_telling(field: models.Field) -> bool:
    """A state, an amount or an owner; ids, tokens and times differ from run to run."""
    return (
        field.related_model is Resident
        or bool(field.choices)
        or isinstance(field, models.BooleanField | models.DecimalField)
    )


@pytest.mark.slow
def test_fields_that_no_form_asks_for_make_no_difference(forms: list[SentForm]) -> None:
    other = ResidentFactory.create()
    extra = {name: value.replace("OTHER", str(other.pk)) for name, value in UNASKED.items()}
    before, changing = outcome(), 0
    for form in forms:
        with undone(form.portal):
            form.send()
            without = outcome()
        with undone(form.portal):
            form.send(**{k: v for k, v in extra.items() if k not in form.fields})
            assert outcome() == without, form.url
            assert "MARKER" not in str(form.portal.session.items()), form.url
        changing += without != before
    assert changing > 8, "the good answers did nothing, so that extra ones could do nothing either"
