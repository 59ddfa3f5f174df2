"""What staff decide: who has a key, which reports are private, which photos are public."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction

from stockport.db import violated_constraint
from stockport.run.welcome import welcome
from street_reports import demo
from street_reports.models import ApiKey, Photo, Submission, SubmittedUpdate
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import ApiKeyFactory, PhotoFactory, ReportFactory


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True, is_superuser=True))
    return portal


def test_key_is_shown_once_when_it_is_made_and_kept_as_a_hash(app, staff, sent):
    made = {
        "owner": "An app",
        "contact": "app@example.org",
        "calls_per_minute": 5,
        "is_active": "on",
    }
    page = staff.post("/admin/street_reports/apikey/add/", made, follow=True).content.decode()
    key = re.search(r"The key is (\S+) Copy", page)[1]
    stored = ApiKey.objects.get(owner="An app")
    assert key.startswith(f"{stored.prefix}.") and key.partition(".")[2] not in str(vars(stored))
    assert app.post("requests.json", sent | {"api_key": key}).status_code == 200
    change = f"/admin/street_reports/apikey/{stored.pk}/change/"
    assert key not in staff.get(change).content.decode()
    staff.post(change, {name: value for name, value in made.items() if name != "is_active"})
    assert ApiKey.objects.of(key) is None
    assert ApiKey.objects.get(pk=stored.pk).digest == stored.digest


def test_staff_keep_a_report_off_the_list_and_put_it_back(app, staff):
    report = ReportFactory()
    for action, listed in [("keep_private", 0), ("make_public", 1)]:
        chosen = {"action": action, "_selected_action": report.pk}
        staff.post("/admin/street_reports/report/", chosen)
        assert len(app.json("requests")) == listed
    assert LogEntry.objects.filter(object_id=str(report.pk)).count() == 2


def test_staff_approve_a_photo_and_take_it_back(app, staff):
    photo = PhotoFactory(report=ReportFactory(), position=1)
    draft = PhotoFactory(position=1)
    for action, status in [("approve", 200), ("take_back", 404)]:
        chosen = {"action": action, "_selected_action": [photo.pk, draft.pk]}
        staff.post("/admin/street_reports/photo/", chosen)
        answer = app.get(f"photos/{photo.public_id}.jpg")
        b"".join(answer)  # closes the file
        assert answer.status_code == status
    assert not Photo.objects.exclude(approved_at=None).exists()


BROKEN = {
    "street_reports_apikey_prefix_unique": lambda: ApiKey.objects.create(
        owner="A", contact="a@example.org", prefix="fixmystreet", digest="0" * 64
    ),
    "street_reports_apikey_is_hashed": lambda: ApiKeyFactory(prefix="b", digest="secret"),
    "street_reports_apikey_has_an_owner": lambda: ApiKeyFactory(prefix="b", owner=""),
    "street_reports_apikey_limit_sensible": lambda: ApiKeyFactory(prefix="b", calls_per_minute=0),
    "street_reports_photo_approved_of_report": lambda: PhotoFactory(
        approved_at="2026-11-28T10:00:00Z"
    ),
    "street_reports_photo_from_one": lambda: PhotoFactory(resident=None),
    "street_reports_photo_position_of_form": lambda: of_one_form(digest=("a" * 64, "b" * 64)),
    "street_reports_photo_once_per_form": lambda: of_one_form(position=(1, 2)),
    "street_reports_submission_once": lambda: twice(Submission, reference="7"),
    "street_reports_submitted_update_once": lambda: twice(SubmittedUpdate, update_id="7"),
}


def of_one_form(digest=("a" * 64,) * 2, position=(1, 1)):
    """Two photos of a form that an app sent, one of these the same."""
    same = {"resident": None, "source": ApiKeyFactory(), "form_token": uuid4()}
    for one in zip(digest, position, strict=True):
        PhotoFactory(**same, digest=one[0], position=one[1])


def twice(model, **fields):
    same = {"key": ApiKeyFactory(), "report": ReportFactory(), **fields}
    model.objects.create(**same)
    model.objects.create(**same)


@pytest.mark.parametrize("name", BROKEN)
def test_database_refuses_what_must_not_be(app, name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BROKEN[name]()
    assert violated_constraint(refused.value) == name


def test_demo_prints_the_address_and_a_key_that_works(app, settings, sent):
    settings.DEMO_OPEN311_KEY = "demo.my-account"
    demo.open_to_apps()
    demo.open_to_apps()
    assert "http://localhost:8000/open311/v2/ with api_key=demo.my-account" in welcome(8000)
    assert app.post("requests.json", sent | {"api_key": "demo.my-account"}).status_code == 200
