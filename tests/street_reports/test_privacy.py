"""A copy of a resident's reports, and what is left after erasure."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from stockport.outbox.models import Delivery
from street_reports.models import Draft, Photo, Report
from street_reports.service import service
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    DraftFactory,
    PhotoFactory,
    ReportFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(resident):
    report = ReportFactory(resident=resident, description="I live at 12", wants_updates=True)
    report.delivery.payload = {"description": "I live at 12"}
    report.delivery.save()
    for photo in PhotoFactory.create_batch(3, resident=resident, report=report):
        Delivery.objects.create(
            destination=report.delivery.destination,
            kind="photo",
            payload={"storage": photo.file.name},
            resident=resident,
            depends_on=report.delivery,
        )
    UpdateFactory(report=report)
    return report


def exported(resident):
    return json.loads(json.dumps(dict(service.export(resident)), cls=DjangoJSONEncoder))


def test_copy_has_everything_and_nothing_of_others(report, resident):
    ReportFactory(description="Somebody else's")
    DraftFactory(resident=resident, answers={"find": "q=Ashfield+Road"})
    DraftFactory()
    sets = exported(resident)
    assert {name: len(rows) for name, rows in sets.items()} == {
        "reports": 1,
        "updates": 1,
        "drafts": 1,
        "acts": 0,
        "followed_reports": 0,
        "photos": 3,
        "csv_exports": 0,
        "reports_without_account": 0,
        "photos_without_account": 0,
        "unconfirmed_reports": 0,
    }
    assert sets["reports"][0]["description"] == "I live at 12"
    assert sets["drafts"][0]["answers"] == {"find": {"q": ["Ashfield Road"]}}
    assert sets["photos"][0]["report__reference"] == report.reference


def test_erasure_keeps_the_fault_and_removes_the_person(
    report, resident, django_capture_on_commit_callbacks
):
    kept, other = DraftFactory(resident=resident), DraftFactory()
    draft = PhotoFactory(resident=resident, form_token=kept.key)
    with django_capture_on_commit_callbacks(execute=True):
        erasure = service.erase(resident)
    assert (erasure.deleted, erasure.anonymised) == (5, 1)
    report.refresh_from_db()
    assert (report.resident, report.description, report.wants_updates) == (None, "", False)
    assert report.location
    assert not Photo.objects.exists()
    assert Draft.objects.get() == other
    assert not draft.file.storage.exists(draft.file.name)
    assert exported(resident) == {
        "reports": [],
        "updates": [],
        "drafts": [],
        "acts": [],
        "followed_reports": [],
        "photos": [],
        "csv_exports": [],
        "reports_without_account": [],
        "photos_without_account": [],
        "unconfirmed_reports": [],
    }


def test_erasure_reaches_what_is_still_to_be_sent(report, resident):
    service.erase(resident)
    assert not Delivery.objects.for_resident(resident).exists()
    delivery = Delivery.objects.get(kind="street_report")
    assert "12" not in delivery.payload["description"]
    assert delivery.payload["service_code"] == "light-out"
    assert delivery.state == "pending"
    followers = Delivery.objects.filter(kind="photo")
    assert [follower.state for follower in followers] == ["cancelled"] * 3


def test_erasing_one_resident_leaves_another_untouched(report):
    service.erase(ResidentFactory())
    assert Report.objects.get().description == "I live at 12"


def test_card_says_how_many_are_open_and_how_far_the_latest_is(resident):
    assert service.card(resident) is None
    ReportFactory(resident=resident, status="fixed")
    assert service.card(resident).status == "No open reports"
    ReportFactory(resident=resident)
    card = service.card(resident)
    assert card.status == "1 open report"
    assert card.detail.endswith("Received.")
