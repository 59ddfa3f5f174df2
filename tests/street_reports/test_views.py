"""A resident's own reports and photos, and nobody else's."""

import pytest

from stockport.outbox.models import Delivery
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import PhotoFactory, ReportFactory, UpdateFactory


@pytest.fixture
def mine(portal, resident):
    portal.sign_in(resident)
    return ReportFactory(resident=resident, description="Dark <b>corner</b>")


def test_resident_without_reports_is_invited_to_make_one(portal, resident):
    portal.sign_in(resident)
    page = portal.get("/street-reports/").page
    assert "You have not reported or followed anything yet" in page.text("main")
    assert page.select('a[href="/street-reports/new/"]')


def test_resident_sees_their_reports_newest_first_and_nobody_elses(portal, mine, resident):
    newer = ReportFactory(resident=resident)
    other = ReportFactory()
    page = portal.get("/street-reports/").page
    links = [(link.text or "").split(":")[0] for link in page.select("h3 a")]
    assert links == [newer.reference, mine.reference]
    assert other.reference not in page.html


def test_long_list_has_pages(portal, mine, resident):
    ReportFactory.create_batch(20, resident=resident)
    assert len(portal.get("/street-reports/").page.select("h3 a")) == 20
    assert len(portal.get("/street-reports/?page=2").page.select("h3 a")) == 1


def test_resident_reads_what_has_happened(portal, mine, resident):
    UpdateFactory(report=mine, status="planned", text="We come on Friday.")
    mine.move_to("planned")
    PhotoFactory.create_batch(3, report=mine, resident=resident)
    page = portal.get(mine.get_absolute_url()).page
    text = page.text("main")
    assert page.h1 == f"Report {mine.reference}"
    assert "Work is planned" in text
    assert "We come on Friday." in text
    assert "Dark <b>corner</b>" in text
    alts = [image.get("alt") for image in page.select("main img")]
    assert alts == ["Photo 1 of 3", "Photo 2 of 3", "Photo 3 of 3"]


@pytest.mark.parametrize("state", ["retry", "unknown", "dead"])
def test_resident_reads_the_truth_about_a_report_that_is_not_there_yet(portal, mine, state):
    step = "find" if state == "unknown" else "send"
    Delivery.objects.filter(pk=mine.delivery_id).update(state=state, next_step=step)
    text = portal.get(mine.get_absolute_url()).page.text("main")
    assert {
        "retry": "We keep trying",
        "unknown": "We are checking that the report arrived",
        "dead": "needs attention by our staff",
    }[state] in text


@pytest.mark.parametrize("page", ["", "received/"])
def test_resident_cannot_see_someone_elses_report(portal, mine, page):
    other = ReportFactory()
    assert portal.get(f"/street-reports/reports/{other.public_id}/{page}").status_code == 404
    assert portal.get(f"/street-reports/reports/{mine.public_id}/{page}").status_code == 200


def photo_url(photo):
    return f"/street-reports/photos/{photo.public_id}/"


def test_photo_is_shown_to_its_resident_and_can_do_nothing(portal, mine, resident):
    photo = PhotoFactory(resident=resident)
    answer = portal.get(photo_url(photo))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"
    name = photo.file.name.removeprefix("street_reports/")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")


def test_resident_cannot_see_someone_elses_photo(portal, mine):
    assert portal.get(photo_url(PhotoFactory())).status_code == 404


def test_staff_see_photos(portal):
    photo = PhotoFactory()
    portal.sign_in(ResidentFactory(staff=True))
    answer = portal.get(photo_url(photo))
    assert answer.status_code == 200
    answer.close()


def test_photo_whose_file_is_lost_is_not_found(portal, mine, resident):
    photo = PhotoFactory(resident=resident)
    photo.file.storage.delete(photo.file.name)
    assert portal.get(photo_url(photo)).status_code == 404


def test_nobody_sees_photos_without_signing_in(portal):
    assert portal.get(photo_url(PhotoFactory())).status_code == 302


def test_pages_that_show_something_cannot_be_posted_to(portal, mine):
    assert portal.post(mine.get_absolute_url()).status_code == 405
