"""Who looked: every record that staff open is on record, and its owner can read it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import listing
from accounts.looking import ways
from accounts.models import LISTED, LOOKED, AuditEvent, Person, PersonLink, Resident
from council_tax.models import Account
from tests.accounts.mail import code_sent_to
from tests.client import PortalClient
from tests.factories.accounts import PersonFactory, PersonLinkFactory, ResidentFactory
from tests.factories.passkeys import make_passkey

pytestmark = pytest.mark.django_db
WHY = reverse("why_looking")
LOOKS = reverse("accounts:looked")


@pytest.fixture
def officer() -> Resident:
    """Somebody of the revenues team who may read council tax accounts and people."""
    officer = ResidentFactory(is_staff=True)
    revenues = Group.objects.create(name="Revenues team")
    codenames = ["view_account", "view_person", "view_property"]
    revenues.permissions.set(Permission.objects.filter(codename__in=codenames))
    officer.groups.add(revenues)
    return officer


@pytest.fixture
def office(officer: Resident) -> PortalClient:
    """Their browser, in which they have said why they look."""
    office = PortalClient()
    office.sign_in(officer)
    return office


@pytest.fixture
def staff() -> PortalClient:
    """A superuser's browser."""
    staff = PortalClient()
    staff.sign_in(ResidentFactory(staff=True))
    return staff


@pytest.fixture
def link(person: Person) -> PersonLink:
    return PersonLinkFactory(person=person)


def page_of(thing: Account | Person) -> str:
    return reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk])


def looks() -> list[tuple[int | None, str, str, str]]:
    rows = AuditEvent.objects.filter(kind=LOOKED).order_by("pk")
    return list(rows.values_list("person_id", "role", "why", "detail"))


def test_resident_reads_which_team_opened_what_when_and_why(
    portal: PortalClient, office: PortalClient, link: PersonLink, account: Account
) -> None:
    office.get(page_of(account))
    portal.sign_in(link.resident)
    text = portal.get(LOOKS).page.text("main")
    assert "Council staff (Revenues team) opened a record of yours: council tax, account." in text
    assert "Reason: We are testing." in text


def test_name_of_the_member_of_staff_is_not_told(
    portal: PortalClient, office: PortalClient, officer: Resident, link: PersonLink
) -> None:
    office.get(page_of(link.person))
    portal.sign_in(link.resident)
    page = portal.get(LOOKS)
    assert "Revenues team" in page.page.text("main")
    assert officer.email not in page.content.decode()
    assert AuditEvent.objects.get(kind=LOOKED).actor == officer


def test_each_person_of_an_account_has_a_row_and_nobody_else(
    office: PortalClient, account: Account, person: Person, link: PersonLink
) -> None:
    other = PersonLinkFactory().resident
    office.get(page_of(account))
    assert looks() == [
        (person.pk, "Revenues team", "We are testing", f"council_tax.account {account.pk}")
    ]
    assert AuditEvent.objects.about_resident(link.resident).filter(kind=LOOKED).count() == 1
    assert not AuditEvent.objects.about_resident(other).filter(kind=LOOKED).exists()


def test_resident_whose_link_has_ended_reads_no_more_of_that_person(
    office: PortalClient, link: PersonLink
) -> None:
    office.get(page_of(link.person))
    link.revoked_at, link.revoked_by = link.linked_at, link.resident
    link.save()
    assert not AuditEvent.objects.about_resident(link.resident).filter(kind=LOOKED).exists()


def test_look_costs_one_statement_more(office: PortalClient, person: Person) -> None:
    with CaptureQueriesContext(connection) as all_of_them:
        office.get(page_of(person))
    written = [each for each in all_of_them if "accounts_auditevent" in each["sql"]]
    assert len(written) == 1


def test_look_stays_on_record_where_what_was_looked_at_is_rolled_back(
    officer: Resident, person: Person, settings: Settings
) -> None:
    settings.ROOT_URLCONF = "tests.accounts.broken"
    office = PortalClient(raise_request_exception=False)
    office.sign_in(officer)
    assert office.get(f"/admin/broken/{person.pk}/").status_code == 500
    assert Person.objects.filter(pk=person.pk).exists()
    assert [pk for pk, *_ in looks()] == [person.pk]


def test_nobody_sees_a_record_where_it_cannot_be_written_down(
    officer: Resident, person: Person
) -> None:
    office = PortalClient(raise_request_exception=False)
    office.sign_in(officer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditevent ADD CHECK (kind <> 'looked') NOT VALID")
    response = office.get(page_of(person))
    assert response.status_code == 500
    assert person.surname not in response.content.decode()


def test_staff_say_why_before_the_first_record_of_a_session(
    officer: Resident, person: Person
) -> None:
    office = PortalClient()
    office.sign_in(officer)
    session = office.session
    del session["why_looking"]
    session.save()
    asked = office.get(page_of(person))
    assert asked.url.startswith(WHY)
    assert looks() == []
    wrong = office.post(asked.url, {"reason": "contact", "case": "<Ada>"})
    assert "letters, digits, spaces" in wrong.content.decode()
    missing = office.post(asked.url, {"case": "C-1"})
    assert "Choose why you are looking" in missing.content.decode()
    answered = office.post(asked.url, {"reason": "contact", "case": "C-1"})
    assert answered.url == page_of(person)
    assert office.get(answered.url).status_code == 200
    assert looks()[0][2] == "The resident has contacted us (C-1)"


def test_answer_leads_to_no_other_site(office: PortalClient) -> None:
    to = f"{WHY}?next=https://elsewhere.example/"
    assert office.post(to, {"reason": "contact"}).url == reverse("admin:index")


def test_resident_cannot_be_asked_why(portal: PortalClient, resident: Resident) -> None:
    portal.sign_in(resident)
    assert portal.get(WHY).status_code == 302


def test_list_leaves_one_row_for_auditors_and_none_for_residents(
    portal: PortalClient, office: PortalClient, officer: Resident, link: PersonLink
) -> None:
    people = reverse("admin:accounts_person_changelist")
    other = PersonFactory(surname="Zzyzx")
    with CaptureQueriesContext(connection) as all_of_them:
        office.get(people, {"q": link.person.surname})
    assert len([each for each in all_of_them if "accounts_auditevent" in each["sql"]]) == 1
    event = AuditEvent.objects.get(kind=LISTED)
    assert (event.actor, event.role, event.why) == (officer, "Revenues team", "We are testing")
    assert (event.resident, event.person) == (None, None)
    assert event.detail == f"accounts.person 1: {link.person.pk}"
    assert str(other.pk) not in event.detail.split()
    portal.sign_in(link.resident)
    assert "listed" not in portal.get(LOOKS).page.text("main")


def test_list_that_shows_nobody_or_what_belongs_to_nobody_leaves_no_row(
    staff: PortalClient, person: Person
) -> None:
    staff.get(reverse("admin:accounts_person_changelist"), {"q": "Nobody of this name"})
    groups = staff.get(reverse("admin:auth_group_changelist"))
    assert "Customer services" in groups.content.decode()
    assert not AuditEvent.objects.filter(kind=LISTED).exists()


def test_long_list_names_as_many_as_there_is_room_for(officer: Resident) -> None:
    listing.write_down(by=officer, label="accounts.person", keys=range(10**6, 10**6 + 100), why="")
    detail = AuditEvent.objects.get(kind=LISTED).detail
    assert detail.startswith("accounts.person 100: 1000000 1000001 ")
    assert len(detail) <= 500 and detail.endswith(" …")


def test_names_that_a_field_offers_are_put_on_record_too(staff: PortalClient) -> None:
    person = PersonFactory()
    asked = {"app_label": "accounts", "model_name": "personlink", "field_name": "person"}
    answer = staff.get(reverse("admin:autocomplete"), {**asked, "term": person.surname})
    assert [row["id"] for row in answer.json()["results"]] == [str(person.pk)]
    assert AuditEvent.objects.get(kind=LISTED).detail == f"accounts.person 1: {person.pk}"


def test_nobody_sees_a_list_where_it_cannot_be_written_down(
    officer: Resident, person: Person
) -> None:
    office = PortalClient(raise_request_exception=False)
    office.sign_in(officer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditevent ADD CHECK (kind <> 'listed') NOT VALID")
    response = office.get(reverse("admin:accounts_person_changelist"))
    assert response.status_code == 500
    assert person.surname not in response.content.decode()


def test_list_and_what_belongs_to_nobody_leave_no_look(
    office: PortalClient, account: Account
) -> None:
    office.get(reverse("admin:accounts_person_changelist"))
    account.liabilities.all().delete()
    office.get(page_of(account))
    assert looks() == []


def test_every_record_that_leads_to_somebody_is_known() -> None:
    """A new page of the admin whose record has an owner must say so (services.py)."""
    theirs = {Resident, Person}
    about = {
        model._meta.label_lower
        for model in admin.site._registry
        if model in theirs
        or any(
            field.related_model in theirs and field.name in ("resident", "person", "user")
            for field in model._meta.concrete_fields
        )
    }
    without = {"accounts.auditevent"}  # who looks at the log is in the log of the web server
    assert about - without <= set(ways())


@pytest.mark.parametrize("label", sorted(ways()))
def test_each_way_to_an_owner_can_be_gone(
    label: str, officer: Resident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from accounts.looking import write_down

    with django_assert_num_queries(len(ways()[label])):
        write_down(by=officer, things=[(apps.get_model(label), 0)], why="")


def test_resident_reads_of_sign_ins_changes_and_exports(
    sure: PortalClient, verified: Resident
) -> None:
    sure.get(reverse("accounts:download"))
    text = sure.get(LOOKS).page.text("main")
    assert "You downloaded your data." in text
    assert "You signed in." in text


def test_events_of_somebody_else_are_not_shown(
    portal: PortalClient, resident: Resident, link: PersonLink
) -> None:
    other = Client()
    other.force_login(link.resident)
    portal.sign_in(resident)
    assert portal.get(LOOKS).page.text("main").count("You signed in.") == 1


def test_page_of_long_histories_asks_the_same_of_the_database(
    portal: PortalClient, resident: Resident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    portal.sign_in(resident)
    with CaptureQueriesContext(connection) as few:
        portal.get(LOOKS)
    AuditEvent.objects.bulk_create(
        AuditEvent(kind="signed_in", resident=resident, actor=resident) for _ in range(50)
    )
    with django_assert_num_queries(len(few)):
        page = portal.get(LOOKS).page
    assert "Next" in page.text("main")


def test_resident_reads_of_a_passkey_by_that_name(sure: PortalClient, verified: Resident) -> None:
    now = RequestFactory().get("/")
    now.session = sure.session
    change = {"user": verified, "authenticator": make_passkey(verified)}
    authenticator_added.send(Authenticator, request=now, **change)
    text = sure.get(LOOKS).page.text("main")
    assert "A way to prove that it is you was added: a passkey." in text


def test_newcomer_reads_of_no_change_of_their_address(portal: PortalClient, db: None) -> None:
    new = "new@example.org"
    portal.post(reverse("account_signup"), {"email": new, "password1": "purple otter teapot"})
    code = {"action": "verify", "code": code_sent_to(new)}
    portal.post(reverse("account_email_verification_sent"), code)
    text = portal.get(LOOKS).page.text("main")
    assert "You signed in." in text and "was changed" not in text
