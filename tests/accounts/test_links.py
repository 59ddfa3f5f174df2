"""Linking a resident to a person, and ending it."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actions import AlreadyLinked, NotLinked, link_person, revoke_link
from accounts.models import Person, PersonLink, Resident
from tests.factories.accounts import PersonFactory, PersonLinkFactory, ResidentFactory

HOW = {"method": PersonLink.Method.STAFF, "level": PersonLink.Level.STRONG}


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory()


def test_link_says_who_how_and_when(resident: Resident, person: Person) -> None:
    staff = ResidentFactory(staff=True)
    link = link_person(resident=resident, person=person, linked_by=staff, **HOW)
    assert (link.linked_by, link.method, link.level) == (staff, "staff", 2)
    assert timezone.now() - link.linked_at < timedelta(minutes=1)
    assert list(Person.objects.for_resident(resident)) == [person]


def test_resident_is_linked_to_a_person_once(resident: Resident, person: Person) -> None:
    link_person(resident=resident, person=person, **HOW)
    with pytest.raises(AlreadyLinked):
        link_person(resident=resident, person=person, **HOW)
    assert PersonLink.objects.count() == 1


def test_person_may_have_two_residents(resident: Resident, person: Person) -> None:
    link_person(resident=resident, person=person, **HOW)
    link_person(resident=ResidentFactory(), person=person, **HOW)
    assert PersonLink.objects.count() == 2


def test_revoked_link_stays_as_history(resident: Resident, person: Person) -> None:
    staff = ResidentFactory(staff=True)
    link = revoke_link(link=link_person(resident=resident, person=person, **HOW), revoked_by=staff)
    assert link.revoked_by == staff
    assert not Person.objects.for_resident(resident).exists()
    assert PersonLink.objects.for_resident(resident).count() == 1


def test_link_is_revoked_once(resident: Resident) -> None:
    link = PersonLinkFactory()
    revoke_link(link=link, revoked_by=resident)
    with pytest.raises(NotLinked):
        revoke_link(link=link, revoked_by=resident)


def test_resident_can_be_linked_again_after_a_revocation(resident: Resident) -> None:
    link = PersonLinkFactory(resident=resident)
    revoke_link(link=link, revoked_by=resident)
    link_person(resident=resident, person=link.person, **HOW)
    assert PersonLink.objects.for_resident(resident).active().count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_links_at_once_make_one() -> None:
    resident, person, start = ResidentFactory(), PersonFactory(), Barrier(8)

    def link() -> bool:
        start.wait()
        try:
            link_person(resident=resident, person=person, **HOW)
        except AlreadyLinked:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        made = [task.result() for task in [pool.submit(link) for _ in range(8)]]
    assert made.count(True) == 1
    assert PersonLink.objects.count() == 1


BREAKS = {
    "accounts_resident_email_lower_case": lambda: Resident.objects.create(email="A@example.org"),
    "accounts_resident_email_not_blank": lambda: Resident.objects.create(email=""),
    "accounts_resident_closed_cannot_sign_in": lambda: ResidentFactory(closed_at=timezone.now()),
    "accounts_resident_closed_has_no_calendar": lambda: ResidentFactory(
        closed_at=timezone.now(), is_active=False, calendar_key=uuid.uuid4()
    ),
    "accounts_person_reference_unique": lambda: PersonFactory.create_batch(2, reference="P1"),
    "accounts_person_proofs_hashed": lambda: PersonFactory(ni_number="QQ123456C"),
    "accounts_personlink_one_active": lambda: PersonLinkFactory.create_batch(
        2, resident=ResidentFactory(), person=PersonFactory()
    ),
    "accounts_personlink_revoked_after_linked": lambda: PersonLinkFactory(
        revoked_at=timezone.now() - timedelta(days=1)
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREAKS)
def test_database_refuses_what_cannot_be_true(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKS[name]()


def test_every_constraint_of_ours_is_tried() -> None:
    models = (Resident, Person, PersonLink)
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    assert named == set(BREAKS)
