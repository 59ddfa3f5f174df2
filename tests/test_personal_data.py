"""Whatever is held about a resident is in the copy that they can have, and goes when they close
their account: every model that leads to one, or somebody has said why not.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin import site
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import privacy
from accounts.models import LinkRequest, Person, PersonLink, Resident
from stockport.admin import ReadOnlyAdmin
from tests.estate import Estate
from tests.factories.accounts import PersonLinkFactory
from tests.factories.street_reports import ContactFactory, UnconfirmedFactory

READ = re.compile(r'^\(*SELECT .*? FROM "(\w+)"')
WRITTEN = re.compile(r'^(?:DELETE FROM|UPDATE) "(\w+)"')

OF_STAFF = "what staff set up or did, in the work of the council"
BACK_OFFICE = "the council's record, as each extract brings it: Kept says by which law"
NOT_IN_THE_COPY = {
    "account.EmailConfirmation": "never made: addresses are confirmed by a code in the session",
    "accounts.LetterPin": "a hash of a code; that it was asked for is in what_happened",
    "accounts.Resident": "it is: privacy.account_of reads the one that asks",
    "accounts.Resident_groups": OF_STAFF,
    "accounts.Resident_user_permissions": OF_STAFF,
    "admin.LogEntry": OF_STAFF,
    "appointments.OccupiedCell": "the time of an appointment again, minute by minute",
    "appointments.SentReminder": "that a message went, which is in messages",
    "outbox.Attempt": "how a message travelled, with nothing that it said",
    "outbox.Destination": OF_STAFF,
    "outbox.InboundUpdate": "news on its way to an Update, a Request or a Sending, which are",
    "outbox.MorningMail": OF_STAFF,
    "socialaccount.SocialToken": "never kept: SOCIALACCOUNT_STORE_TOKENS",
    "street_reports.ApiKey": OF_STAFF,
    "street_reports.ApiKey_services": OF_STAFF,
    "street_reports.Storm": OF_STAFF,
    "street_reports.Submission": "the number of a report, which is, as an app got it",
    "street_reports.SubmittedUpdate": "the number of an update, which is, as an app got it",
}
OF_THE_COUNCIL = (
    *("accounts.Person", "benefits.Award", "benefits.AwardLine", "benefits.BenefitPayment"),
    *("benefits.Claim", "benefits.ClaimMember", "benefits.Decision", "benefits.Document"),
    *("benefits.EvidenceRequest", "benefits.Overpayment", "benefits.Recovery"),
    *("council_tax.Account", "council_tax.ChargeLine", "council_tax.ChargePeriod"),
    *("council_tax.Document", "council_tax.Instalment", "council_tax.Liability"),
    *("council_tax.Notice", "council_tax.Transaction", "council_tax.YearTotal"),
)
STAYS = dict.fromkeys(OF_THE_COUNCIL, BACK_OFFICE) | {
    "admin.LogEntry": "append-only by trigger: what staff did, and to whom",
    "outbox.Destination": OF_STAFF,
    "outbox.InboundUpdate": "news of the back office about a fault, which names nobody",
    "outbox.MorningMail": OF_STAFF,
    "street_reports.ApiKey": OF_STAFF,
    "street_reports.ApiKey_services": OF_STAFF,
    "street_reports.Export": "append-only by trigger: which list of reports staff took away",
    "street_reports.Storm": OF_STAFF,
    "street_reports.Submission": "the number of a report, which stays without the person",
    "street_reports.SubmittedUpdate": "the same of an update",
    "street_reports.Update": "what the council said about a fault; it is public",
}


def leads_to_somebody(model: type[models.Model], known: set[type[models.Model]]) -> bool:
    """Whether a row says, by itself or by what it belongs to, whose it is."""
    fields = model._meta.get_fields()
    belongs = {f.related_model for f in fields if f.concrete and f.is_relation}
    addressed = any(isinstance(field, models.EmailField) for field in fields)
    owned = any(hasattr(m, "for_resident") for m in model._meta.managers)
    return bool(belongs & known) or addressed or owned


def personal() -> set[type[models.Model]]:
    """Every model with data of a person."""
    known: set[type[models.Model]] = {Resident, Person}
    every = apps.get_models(include_auto_created=True)
    while more := {m for m in every if m not in known and leads_to_somebody(m, known)}:
        known |= more
    return known


PERSONAL = {model._meta.db_table: model._meta.label for model in personal()}


@pytest.fixture
def somebody(resident: Resident, settings: Settings, tmp_path: Path) -> Resident:
    """Who has one of everything, also by an address that they have confirmed."""
    settings.MEDIA_ROOT = tmp_path / "media"
    Estate(resident)
    confirmed = {"verified": True, "primary": True}
    resident.emailaddress_set.update_or_create(email=resident.email, defaults=confirmed)
    ContactFactory.create(email=resident.email.lower(), is_reporter=True)
    UnconfirmedFactory.create(email=resident.email.lower())
    SocialAccount.objects.create(user=resident, provider="here", uid="urn:fdc:1234")
    return resident


def tables(queries: CaptureQueriesContext, what: re.Pattern[str]) -> set[str]:
    """Each personal model whose table stands first in such a statement."""
    found = (what.match(query["sql"]) for query in queries.captured_queries)
    return {PERSONAL[match[1]] for match in found if match and match[1] in PERSONAL}


def test_copy_has_every_model_that_leads_to_a_resident(somebody: Resident) -> None:
    with CaptureQueriesContext(connection) as queries:
        privacy.export(somebody)
    assert set(PERSONAL.values()) - tables(queries, READ) == set(NOT_IN_THE_COPY)


def test_closing_an_account_touches_every_model_that_leads_to_a_resident(
    somebody: Resident,
) -> None:
    with CaptureQueriesContext(connection) as queries:
        privacy.close_account(resident=somebody)
    assert set(PERSONAL.values()) - tables(queries, WRITTEN) == set(STAYS)


def test_what_is_called_by_somebodys_name_is_logged_by_its_number(somebody: Resident) -> None:
    """The log of what staff did keeps what a record is called, and refuses change."""
    link = PersonLinkFactory.create(resident=somebody)
    LinkRequest.objects.create(resident=somebody, service="benefits", surname="Oyelaran")
    names = {somebody.email, link.person.surname, "Oyelaran"}
    changed = [each for each in site._registry.values() if not isinstance(each, ReadOnlyAdmin)]
    named = {
        each
        for each in changed
        for record in each.model._default_manager.all()
        if any(name in str(record) for name in names)
    }
    assert {each.model for each in named} == {Resident, PersonLink, LinkRequest}
    assert all(each.is_called_by_name for each in named)
