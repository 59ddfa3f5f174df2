"""What the portal stands on fails in turn: the page says so, and nothing is left half done.

Here are the database and the disk, under pages and forms; docs/security.md, row 66, names the tests
that make the rest fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Resident
from benefits.models import Paper
from stockport.outbox.models import Delivery
from street_reports.models import Photo, Report
from tests.client import PortalClient
from tests.estate import Estate
from tests.factories.accounts import PASSWORD
from tests.stockport.test_images import picture

SIGN_IN, DASHBOARD = reverse("account_login"), reverse("home:dashboard")
TYPED = {"login": "ada@example.org", "password": PASSWORD}


@contextmanager
def without_database() -> Iterator[None]:
    """Nobody answers where the database should be."""
    there = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= there


def says_that_it_failed(answer: Any) -> bool:
    """A page of ours, which names nothing that it stands on."""
    words = answer.page.html.lower()
    telling = [name for name in ("psycopg", "postgres", "127.0.0.1", "errno") if name in words]
    fault = answer.page.h1 == "There is a problem with this service"
    return bool(answer.status_code == 500 and fault and not telling)


@pytest.fixture
def portal(db: None) -> PortalClient:
    return PortalClient(raise_request_exception=False)


@pytest.mark.django_db(transaction=True)
def test_without_the_database_nobody_signs_in_and_the_page_says_so(portal: PortalClient) -> None:
    resident = Resident.objects.create_user(TYPED["login"], PASSWORD)
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    with without_database():
        assert says_that_it_failed(portal.post(SIGN_IN, TYPED))
        email = {"email": TYPED["login"]}
        assert says_that_it_failed(portal.post(reverse("account_reset_password"), email))
    assert portal.get(DASHBOARD).url.startswith(SIGN_IN)
    assert portal.post(SIGN_IN, TYPED).url == DASHBOARD
    with without_database():
        assert says_that_it_failed(portal.get(DASHBOARD))
    assert portal.get(DASHBOARD).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_report_that_the_database_did_not_take_can_be_sent_again_and_is_one(
    portal: PortalClient, estate: Estate
) -> None:
    estate.sign_in(portal)
    check, before = str(estate.in_session[0]), Report.objects.count()
    with without_database():
        assert says_that_it_failed(portal.post(check))
    assert Report.objects.count() == before
    assert portal.post(check).url.endswith("/received/")
    report = Report.objects.latest("pk")
    assert Report.objects.count() == before + 1
    assert Delivery.objects.filter(kind="street_report", reference=report.reference).count() == 1


@pytest.fixture
def full_disk(settings: Settings, estate: Estate, tmp_path: Path) -> Estate:
    """Where no file can be written, whoever tries."""
    (tmp_path / "full").touch()
    settings.MEDIA_ROOT = tmp_path / "full" / "media"
    return estate


@pytest.mark.parametrize(
    ("page", "field"), [("street_reports:new_step", "photo"), ("benefits:evidence", "file")]
)
def test_file_that_the_disk_does_not_take_leaves_no_row(
    portal: PortalClient, full_disk: Estate, page: str, field: str
) -> None:
    full_disk.sign_in(portal)
    [address] = [
        each
        for each in full_disk.pages
        if each.name == page and each.values.get("slug", "photo") == "photo"
    ]
    before = Photo.objects.count(), Paper.objects.count()
    file = SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")
    assert says_that_it_failed(portal.post(str(address), {field: file, "add": "1"}))
    assert (Photo.objects.count(), Paper.objects.count()) == before
