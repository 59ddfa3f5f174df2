"""Log-ins for the demo residents, linked to the people of the demo borough."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.actions import link_person
from accounts.models import Person, PersonLink, Resident
from stockport.demo.people import SOURCE
from stockport.demo.residents import DEMO_RESIDENTS, DemoResident


def seed(today: date) -> None:
    """Everybody in DEMO_RESIDENTS can sign in and is linked; who is there already stays so."""
    password = make_password(settings.DEMO_PASSWORD)
    for demo in DEMO_RESIDENTS:
        resident = _resident(demo, password)
        if demo.person:
            _link(resident, demo.person)


def _resident(demo: DemoResident, password: str) -> Resident:
    """The resident with this address; `password` is hashed, once for all of them."""
    resident, created = Resident.objects.get_or_create(
        email=demo.email,
        defaults={"password": password, "is_staff": demo.staff, "is_superuser": demo.staff},
    )
    if created:
        EmailAddress.objects.create(user=resident, email=demo.email, verified=True, primary=True)
    return resident


def _link(resident: Resident, reference: str) -> None:
    person = Person.objects.get(source=SOURCE, reference=reference)
    if PersonLink.objects.filter(resident=resident, person=person).exists():
        return  # also where a member of staff has revoked it
    link_person(
        resident=resident,
        person=person,
        method=PersonLink.Method.STAFF,
        level=PersonLink.Level.STRONG,
    )
