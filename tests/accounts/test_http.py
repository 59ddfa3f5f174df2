"""The resident behind a request."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from accounts.http import resident_of
from accounts.models import Resident


def test_signed_in_resident_is_found(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = Resident(email="ada@example.org")
    assert resident_of(request) == request.user


def test_nobody_signed_in_is_refused(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        resident_of(request)
