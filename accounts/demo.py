"""Log-ins for the demo residents, linked to the people of the demo borough."""

from __future__ import annotations

import secrets
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.actions import link_person
from accounts.models import Person, PersonLink, Resident
from stockport.demo.people import SOURCE
from stockport.demo.residents import DEMO_RESIDENTS, DemoResident
from stockport.sealing import seal


def seed(today: date) -> None:
    """Everybody in DEMO_RESIDENTS can sign in and is linked; who is there already stays so."""
    password = make_password(settings.DEMO_PASSWORD)
    for demo in DEMO_RESIDENTS:
        resident = _resident(demo, password)
        if demo.staff:
            _set_up_second_step(resident)
        if demo.person:
            _link(resident, demo.person)


def _resident(demo: DemoResident, password: str) -> Resident:
    """The resident with this address; `password` is hashed, once for all of them."""
    resident, created = Resident.objects.get_or_create(
        email=demo.email,
        defaults={
            "password": password,
            "is_staff": demo.staff,
            "is_superuser": demo.staff and not demo.role,
        },
    )
    if created and demo.role:
        resident.groups.add(Group.objects.get(name=demo.role))
    if created:
        EmailAddress.objects.create(user=resident, email=demo.email, verified=True, primary=True)
    return resident


def _set_up_second_step(staff: Resident) -> None:
    """With a secret that no app knows: a developer enters MFA_TOTP_INSECURE_BYPASS_CODE."""
    if not is_mfa_enabled(staff):
        data = {"secret": seal(secrets.token_hex(20))}
        Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data=data)


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
