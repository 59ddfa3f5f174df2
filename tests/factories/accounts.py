"""Residents, the council's people, and the links between them."""

from datetime import date

import factory

from accounts.models import Person, PersonLink, Resident

PASSWORD = "correct horse battery"


class ResidentFactory(factory.django.DjangoModelFactory[Resident]):
    class Meta:
        model = Resident
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"resident{n}@example.org")
    password = factory.django.Password(PASSWORD)


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    class Meta:
        model = Person

    source = "revenues"
    reference = factory.Sequence(lambda n: f"P{n:07}")
    title = "Ms"
    forenames = "Ada"
    surname = "Shaw"
    date_of_birth = date(1980, 5, 17)
    postcode = "SK1 3XE"


class PersonLinkFactory(factory.django.DjangoModelFactory[PersonLink]):
    class Meta:
        model = PersonLink

    resident = factory.SubFactory(ResidentFactory)
    person = factory.SubFactory(PersonFactory)
    method = PersonLink.Method.STAFF
    level = PersonLink.Level.STRONG
