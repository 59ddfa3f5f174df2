"""What staff can and cannot do to residents, people and links."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Person, PersonLink, Resident
from tests.accounts.mail import mails_to
from tests.client import PortalClient
from tests.factories.accounts import (
    PASSWORD,
    PersonFactory,
    PersonLinkFactory,
    ResidentFactory,
)

RESIDENTS = reverse("admin:accounts_resident_changelist")
LINKS = reverse("admin:accounts_personlink_changelist")
PEOPLE = reverse("admin:accounts_person_changelist")


@pytest.fixture
def staff(db: None) -> Resident:
    return ResidentFactory(staff=True)


@pytest.fixture
def office(staff: Resident) -> PortalClient:
    """A browser in which a superuser is signed in."""
    office = PortalClient()
    office.sign_in(staff)
    return office


def act(office: Client, where: str, action: str, *rows: Resident | PersonLink) -> None:
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    assert office.post(where, data).status_code == 302


def test_resident_has_no_way_into_the_admin(portal: PortalClient, resident: Resident) -> None:
    portal.sign_in(resident)
    assert portal.get("/admin/").status_code == 302
    assert portal.get("/admin/login/").status_code == 403
    assert portal.get(RESIDENTS).status_code == 302


def test_staff_sign_in_where_everybody_does(portal: PortalClient, staff: Resident) -> None:
    staff.emailaddress_set.create(email=staff.email, verified=True, primary=True)
    asked = portal.get("/admin/", follow=True).request
    assert asked["PATH_INFO"] == reverse("account_login")
    address = f"{asked['PATH_INFO']}?{asked['QUERY_STRING']}"
    answer = portal.post(address, {"login": staff.email, "password": PASSWORD})
    assert answer.url == "/admin/"


def test_staff_change_their_password_where_everybody_does(office: Client) -> None:
    answer = office.get(reverse("admin:password_change"))
    assert answer["Location"] == reverse("account_change_password")


def test_staff_find_a_resident_by_e_mail(office: Client, resident: Resident) -> None:
    other = ResidentFactory(email="somebody.else@example.org")
    html = office.get(RESIDENTS, {"q": resident.email}).content.decode()
    assert resident.email in html
    assert other.email not in html


def test_staff_neither_see_nor_set_a_password(office: Client, resident: Resident) -> None:
    address = reverse("admin:accounts_resident_change", args=[resident.pk])
    html = office.get(address).content.decode()
    assert "password" not in html.replace("password_change", "").replace("Change password", "")
    office.post(address, {"password": "x", "email": "x@example.org", "is_active": "on"})
    changed = Resident.objects.get(pk=resident.pk)
    assert (changed.password, changed.email) == (resident.password, resident.email)


@pytest.mark.parametrize("name", ["accounts_resident_add", "accounts_person_add"])
def test_staff_make_neither_residents_nor_people(office: Client, name: str) -> None:
    assert office.get(reverse(f"admin:{name}")).status_code == 403


@pytest.mark.parametrize("factory", [ResidentFactory, PersonFactory, PersonLinkFactory])
def test_staff_delete_nothing(office: Client, factory: type) -> None:
    row = factory()
    name = f"admin:accounts_{type(row).__name__.lower()}_delete"
    assert office.post(reverse(name, args=[row.pk]), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_stopped_resident_is_signed_out_at_once(
    office: Client, portal: PortalClient, resident: Resident
) -> None:
    portal.sign_in(resident)
    act(office, RESIDENTS, "deactivate", resident)
    assert portal.get(reverse("accounts:index")).status_code == 302
    assert LogEntry.objects.get().change_message == "Cannot sign in"
    act(office, RESIDENTS, "reactivate", resident)
    assert Resident.objects.get(pk=resident.pk).is_active


def test_staff_cannot_stop_themselves(office: Client, staff: Resident) -> None:
    act(office, RESIDENTS, "deactivate", staff)
    assert Resident.objects.get(pk=staff.pk).is_active


@pytest.mark.parametrize("asked", ["P0000042", "shaw", "sk1 3xe"])
def test_staff_find_a_person_by_reference_surname_or_postcode(office: Client, asked: str) -> None:
    PersonFactory(reference="P0000042", surname="Shaw", postcode="SK1 3XE")
    PersonFactory(reference="P0000043", surname="Unlike", postcode="SK7 1AA")
    html = office.get(PEOPLE, {"q": asked}).content.decode()
    assert "P0000042" in html
    assert "P0000043" not in html


def test_staff_only_read_what_the_back_office_owns(office: Client) -> None:
    person = PersonFactory()
    address = reverse("admin:accounts_person_change", args=[person.pk])
    assert office.get(address).status_code == 200
    assert office.post(address, {"surname": "Changed"}).status_code == 403
    assert Person.objects.get().surname == person.surname


def test_staff_link_a_resident_and_it_is_recorded_who_did(
    office: Client, staff: Resident, resident: Resident
) -> None:
    person = PersonFactory()
    data = {"resident": resident.pk, "person": person.pk, "level": 2}
    assert office.post(reverse("admin:accounts_personlink_add"), data).status_code == 302
    link = PersonLink.objects.get()
    assert (link.resident, link.person, link.linked_by) == (resident, person, staff)
    assert (link.method, link.level) == ("staff", 2)


def test_log_of_what_staff_did_names_no_resident_and_no_person(
    office: Client, resident: Resident
) -> None:
    """It refuses change, and what names somebody would outlive their account."""
    person = PersonFactory()
    act(office, RESIDENTS, "deactivate", resident)
    act(office, RESIDENTS, "reactivate", resident)
    data = {"resident": resident.pk, "person": person.pk, "level": 2}
    office.post(reverse("admin:accounts_personlink_add"), data)
    link = PersonLink.objects.get()
    logged = list(LogEntry.objects.order_by("pk").values_list("object_repr", "object_id"))
    assert logged == [
        (f"resident {resident.pk}", str(resident.pk)),
        (f"resident {resident.pk}", str(resident.pk)),
        (f"person link {link.pk}", str(link.pk)),
    ]


def test_staff_are_told_that_a_link_exists(office: Client) -> None:
    link = PersonLinkFactory()
    data = {"resident": link.resident.pk, "person": link.person.pk, "level": 2}
    html = office.post(reverse("admin:accounts_personlink_add"), data).content.decode()
    assert "This resident is already linked to this person." in html
    assert PersonLink.objects.count() == 1


def test_staff_revoke_links_and_the_history_stays(office: Client, staff: Resident) -> None:
    links = PersonLinkFactory.create_batch(2)
    chosen = {"action": "revoke", "_selected_action": [link.pk for link in links]}
    asked = office.post(LINKS, chosen).content.decode()
    assert str(links[0]) in asked and "Reason, for the resident to read" in asked
    without = office.post(LINKS, {**chosen, "confirm": "Revoke", "reason": " "})
    assert "Give the resident a reason." in without.content.decode()
    assert PersonLink.objects.active().count() == 2
    why = {**chosen, "confirm": "Revoke", "reason": "You moved out in May."}
    assert office.post(LINKS, why).status_code == 302
    assert "Already revoked" in office.post(LINKS, why, follow=True).content.decode()
    assert {link.revoked_by for link in PersonLink.objects.all()} == {staff}
    assert LogEntry.objects.filter(change_message="Revoked: You moved out in May.").count() == 2
    events = AuditEvent.objects.filter(kind="link_revoked", actor=staff)
    assert {event.detail for event in events} == {"You moved out in May."}
    [told] = mails_to(links[0].resident.email)
    assert "You moved out in May." in told["body"]
    address = reverse("admin:accounts_personlink_change", args=[links[0].pk])
    assert office.get(address).status_code == 200


@pytest.mark.parametrize("address", [RESIDENTS, PEOPLE, LINKS])
def test_lists_take_the_same_queries_for_one_row_and_for_many(
    office: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    PersonLinkFactory.create_batch(12)
    with django_assert_max_num_queries(12):
        office.get(address)
