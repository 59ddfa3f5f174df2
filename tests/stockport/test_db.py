"""A violated constraint becomes the error that its caller expects, and only that one."""

import pytest
from django.db import IntegrityError, connection

from accounts.models import Person
from stockport.db import on_violation
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


class AlreadyKnown(Exception):
    pass


def test_named_violation_becomes_the_error_asked_for() -> None:
    person = PersonFactory()
    with (
        pytest.raises(AlreadyKnown),
        on_violation("accounts_person_reference_unique", AlreadyKnown()),
    ):
        PersonFactory(source=person.source, reference=person.reference)


def test_transaction_goes_on_after_a_named_violation() -> None:
    person = PersonFactory()
    with (
        pytest.raises(AlreadyKnown),
        on_violation("accounts_person_reference_unique", AlreadyKnown()),
    ):
        PersonFactory(source=person.source, reference=person.reference)
    assert Person.objects.count() == 1
    assert connection.in_atomic_block


def test_other_violations_pass_through() -> None:
    person = PersonFactory()
    with pytest.raises(IntegrityError), on_violation("some_other_constraint", AlreadyKnown()):
        PersonFactory(source=person.source, reference=person.reference)
