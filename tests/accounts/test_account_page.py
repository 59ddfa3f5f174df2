"""The account page: how the resident signs in, and whom the council knows them as."""

from datetime import UTC, datetime

from django.urls import reverse

from accounts.models import Person, Resident
from tests.client import PortalClient
from tests.factories.accounts import PersonLinkFactory

ACCOUNT = reverse("accounts:index")


def test_resident_sees_their_address_and_never_a_password(
    portal: PortalClient, resident: Resident
) -> None:
    portal.sign_in(resident)
    page = portal.get(ACCOUNT).page
    assert page.h1 == "Your account"
    assert resident.email in page.html
    assert resident.password not in page.html


def test_resident_sees_how_the_council_knows_them(portal: PortalClient, resident: Resident) -> None:
    link = PersonLinkFactory(resident=resident, linked_at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC))
    portal.sign_in(resident)
    html = portal.get(ACCOUNT).page.html
    assert f"<strong>Ms Ada Shaw</strong>, reference {link.person.reference}" in html
    # Half past eleven in UTC is the next day in British summer time.
    assert "Linked to your account on 1 April 2026" in html


def test_revoked_link_is_not_shown(portal: PortalClient, resident: Resident) -> None:
    link = PersonLinkFactory(resident=resident)
    type(link).objects.update(revoked_at=link.linked_at)
    portal.sign_in(resident)
    page = portal.get(ACCOUNT).page
    assert link.person.reference not in page.html
    assert "not linked to any of the council’s records yet" in page.html


def test_resident_cannot_see_how_somebody_else_is_known(
    portal: PortalClient, resident: Resident
) -> None:
    link = PersonLinkFactory()
    portal.sign_in(resident)
    assert link.person.reference not in portal.get(ACCOUNT).page.html


def test_name_with_mark_up_is_only_text(portal: PortalClient, resident: Resident) -> None:
    link = PersonLinkFactory(resident=resident)
    Person.objects.filter(pk=link.person_id).update(surname="<script>alert(1)</script>")
    portal.sign_in(resident)
    assert "&lt;script&gt;" in portal.get(ACCOUNT).page.html
