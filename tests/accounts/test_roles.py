"""What roles of staff there are, and that nobody gives themselves more."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Resident
from accounts.roles import ROLES, make_roles, permissions_of
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory

RESIDENTS = reverse("admin:accounts_resident_changelist")
INLINE = {"person_links-TOTAL_FORMS": "0", "person_links-INITIAL_FORMS": "0"}
EVERYTHING = {"is_active": "on", "is_staff": "on", "is_superuser": "on"} | INLINE


def in_role(role: str) -> Resident:
    """A member of staff in this role."""
    staff = ResidentFactory.create(is_staff=True)
    staff.groups.add(Group.objects.get(name=role))
    return staff


def change(portal: PortalClient, resident: Resident, **values: object) -> Resident:
    """The resident after somebody tried to save their page."""
    address = reverse("admin:accounts_resident_change", args=[resident.pk])
    portal.post(address, EVERYTHING | values)
    return Resident.objects.get(pk=resident.pk)


def act(portal: PortalClient, action: str, *rows: Resident) -> None:
    portal.post(RESIDENTS, {"action": action, "_selected_action": [row.pk for row in rows]})


@pytest.fixture
def administrator(portal: PortalClient) -> Resident:
    staff = in_role("Administrator")
    portal.sign_in(staff)
    return staff


def held(group: Group) -> set[str]:
    names = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in names}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_group_of_a_role_has_what_the_table_says_and_no_more(role: str) -> None:
    assert held(Group.objects.get(name=role)) == permissions_of(role)


@pytest.mark.django_db
def test_migrating_puts_a_role_right_and_leaves_groups_of_the_council_alone() -> None:
    role, own = Group.objects.get(name="Revenues"), Group.objects.create(name="Election night")
    for group in (role, own):
        group.permissions.set(Permission.objects.filter(codename="view_claim"))
    Group.objects.get(name="Benefits").delete()
    call_command("migrate", verbosity=0)
    assert held(role) == permissions_of("Revenues")
    assert held(Group.objects.get(name="Benefits")) == permissions_of("Benefits")
    assert held(own) == {"benefits.view_claim"}


@pytest.mark.django_db
def test_nothing_is_made_where_there_are_no_groups_yet() -> None:
    Group.objects.all().delete()
    make_roles(app_config=apps.get_app_config("accounts"), using="default", apps=Apps())
    assert not Group.objects.exists()


def test_administrator_gives_a_role_and_takes_it(
    portal: PortalClient, administrator: Resident, resident: Resident
) -> None:
    role = Group.objects.get(name="Revenues")
    changed = change(portal, resident, groups=role.pk)
    assert (changed.is_staff, changed.is_superuser) == (True, False)
    assert list(changed.groups.all()) == [role]
    assert not changed.user_permissions.exists()
    portal.post(reverse("admin:accounts_resident_change", args=[resident.pk]), INLINE)
    changed = Resident.objects.get(pk=resident.pk)
    assert not (changed.is_staff or changed.is_active or changed.groups.exists())


def test_administrator_gives_themselves_nothing(
    portal: PortalClient, administrator: Resident
) -> None:
    changed = change(portal, administrator, groups=Group.objects.get(name="Benefits").pk)
    assert [group.name for group in changed.groups.all()] == ["Administrator"]
    group = Group.objects.get(name="Administrator")
    address = reverse("admin:auth_group_change", args=[group.pk])
    every = [permission.pk for permission in Permission.objects.all()]
    assert portal.post(address, {"name": "Administrator", "permissions": every}).status_code == 403
    assert held(group) == permissions_of("Administrator")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "Administrator"])
def test_nobody_else_decides_who_is_staff(
    portal: PortalClient, resident: Resident, role: str
) -> None:
    staff = in_role(role)
    portal.sign_in(staff)
    every = [group.pk for group in Group.objects.all()]
    for somebody in (resident, staff):
        before = (somebody.is_staff, [group.name for group in somebody.groups.all()])
        changed = change(portal, somebody, groups=every)
        assert (changed.is_staff, [group.name for group in changed.groups.all()]) == before
        assert not changed.is_superuser


@pytest.mark.parametrize("role", ["Customer services", "Administrator"])
def test_staff_cannot_change_a_superuser(portal: PortalClient, role: str) -> None:
    portal.sign_in(in_role(role))
    superuser = ResidentFactory.create(staff=True)
    assert change(portal, superuser, is_active="").is_active
    act(portal, "deactivate", superuser)
    assert Resident.objects.get(pk=superuser.pk).is_active
    page = portal.get(reverse("admin:accounts_resident_change", args=[superuser.pk]))
    assert b"_save" not in page.content


def test_customer_services_stop_residents_and_no_staff(
    portal: PortalClient, resident: Resident
) -> None:
    portal.sign_in(in_role("Customer services"))
    colleague = in_role("Highways")
    act(portal, "deactivate", resident, colleague)
    assert not Resident.objects.get(pk=resident.pk).is_active
    assert Resident.objects.get(pk=colleague.pk).is_active


@pytest.mark.django_db
def test_nobody_changes_how_somebody_else_signs_in(portal: PortalClient) -> None:
    portal.sign_in(ResidentFactory.create(staff=True))
    page = portal.get(reverse("admin:index")).content.decode()
    for words in ("Email addresses", "Authenticators", "User sessions"):
        assert words not in page
