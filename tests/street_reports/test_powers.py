"""What staff may do outside the admin: with the second step, and on record."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import LOOKED, AuditEvent, Resident
from street_reports.models import Photo
from tests.accounts.totp import code_at
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.factories.street_reports import PhotoFactory, ReportFactory
from tests.routes import STAFF, Route
from tests.snapshot import nothing_changes

SET_UP, AGAIN = reverse("mfa_activate_totp"), reverse("mfa_reauthenticate")
WHY = reverse("why_looking")


@pytest.fixture
def staff(db: None) -> Resident:
    """Somebody who may take calls and see photos."""
    staff = ResidentFactory.create(is_staff=True)
    staff.emailaddress_set.create(email=staff.email, verified=True, primary=True)
    powers = ("report_for_caller", "view_photo")
    staff.user_permissions.set(Permission.objects.filter(codename__in=powers))
    return staff


@pytest.fixture
def password_only(portal: PortalClient, staff: Resident) -> PortalClient:
    """Their browser, after the password and nothing more."""
    portal.force_login(staff)
    return portal


@pytest.fixture
def office(portal: PortalClient, staff: Resident) -> PortalClient:
    """Their browser, after the second step and the question why they look."""
    portal.sign_in(staff)
    return portal


@pytest.fixture
def photo(db: None) -> Photo:
    return PhotoFactory.create(report=ReportFactory.create())


def address_of(route: Route) -> str:
    """Where it leads, about a report that is there."""
    if route.name.endswith("_taken"):
        return reverse(route.name, args=[ReportFactory.create().public_id])
    return route.url()


def ask_for(photo: Photo, portal: PortalClient) -> int:
    """The status of the answer, which is read to its end: that closes the file."""
    answer = portal.get(photo.get_absolute_url())
    b"".join(answer)
    return int(answer.status_code)


def looks() -> list[tuple[int | None, str, str]]:
    events = AuditEvent.objects.filter(kind=LOOKED)
    return list(events.values_list("resident_id", "why", "detail"))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", STAFF, ids=lambda route: route.name)
def test_staff_with_a_password_alone_are_led_to_set_up_the_second_step(
    password_only: PortalClient, route: Route, method: str
) -> None:
    address = address_of(route)
    with nothing_changes():
        answer = getattr(password_only, method)(address)
    if method == "post" and route.name.endswith("_taken"):
        assert answer.status_code == 405
    else:
        assert answer.url == f"{SET_UP}?{urlencode({'next': address})}"
    assert looks() == []


def test_staff_who_have_set_it_up_enter_a_code_and_are_at_the_calls(
    password_only: PortalClient,
) -> None:
    password_only.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = password_only.get(SET_UP).page.select(".portal-key")[0].text
    code = code_at(secret, timezone.now())
    password_only.post(SET_UP, {"code": code})
    calls = reverse("street_reports:call")
    asked = password_only.get(calls)
    assert asked.url == f"{AGAIN}?{urlencode({'next': calls})}"
    assert password_only.post(asked.url, {"code": code}).url == calls
    assert password_only.get(calls, follow=True).status_code == 200


def test_staff_with_a_password_alone_see_their_own_photos_and_no_others(
    password_only: PortalClient, staff: Resident, photo: Photo
) -> None:
    own = PhotoFactory.create(resident=staff)
    assert ask_for(own, password_only) == 200
    assert ask_for(photo, password_only) == 404
    assert looks() == []


def test_staff_who_look_at_a_photo_are_on_record_with_one_statement(
    office: PortalClient, photo: Photo
) -> None:
    with CaptureQueriesContext(connection) as all_of_them:
        assert ask_for(photo, office) == 200
    assert len([each for each in all_of_them if "accounts_auditevent" in each["sql"]]) == 1
    assert looks() == [(photo.resident_id, "We are testing", f"street_reports.photo {photo.pk}")]


def test_staff_say_why_before_they_see_a_photo(office: PortalClient, photo: Photo) -> None:
    session = office.session
    del session["why_looking"]
    session.save()
    asked = office.get(photo.get_absolute_url())
    assert asked.url == f"{WHY}?{urlencode({'next': photo.get_absolute_url()})}"
    assert looks() == []
    assert office.post(asked.url, {"reason": "work"}).url == photo.get_absolute_url()


def test_photo_of_ones_own_is_no_look_and_asks_for_no_reason(
    office: PortalClient, staff: Resident
) -> None:
    session = office.session
    del session["why_looking"]
    session.save()
    own = PhotoFactory.create(resident=staff)
    assert ask_for(own, office) == 200
    assert looks() == []


def test_photo_whose_file_is_lost_was_not_looked_at(office: PortalClient, photo: Photo) -> None:
    photo.file.storage.delete(photo.file.name)
    assert ask_for(photo, office) == 404
    assert looks() == []


def test_whoever_is_no_longer_staff_has_no_power_left(
    office: PortalClient, staff: Resident, photo: Photo
) -> None:
    Resident.objects.filter(pk=staff.pk).update(is_staff=False)
    assert ask_for(photo, office) == 404
    for route in STAFF:
        assert office.get(address_of(route)).status_code == 404
