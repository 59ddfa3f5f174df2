"""Photos that apps send: taken as a resident's own, public once staff approve them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from stockport.outbox.models import Delivery
from street_reports.models import Photo, Report
from street_reports.service import service
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import PhotoFactory, ReportFactory
from tests.stockport.test_images import GPS, picture, with_exif

BASE = "/open311/v2/"
KEY = {"api_key": "fixmystreet.secret"}


def file(size=(64, 48), name="photo.png"):
    return SimpleUploadedFile(name, picture("PNG", size=size))


def send(path, fields, **files):
    return Client(enforce_csrf_checks=True).post(f"{BASE}{path}.json", fields | KEY | files)


def said(answer):
    return " ".join(row["description"] for row in answer.json())


def stored():
    """The files that are there."""
    return [photo.file.storage.exists(photo.file.name) for photo in Photo.objects.all()]


def test_photos_go_to_the_team_after_the_report_and_to_nobody_else(app, sent):
    files = {"media": file(), "photo1": [file((65, 48)), file((66, 48))]}
    [row] = send("requests", sent, **files).json()
    report = Report.objects.get()
    photos = list(report.photos.in_order())
    assert [photo.position for photo in photos] == [1, 2, 3] and stored() == [True] * 3
    assert {(photo.resident, photo.source) for photo in photos} == {(None, report.source)}
    sent_on = Delivery.objects.filter(kind="photo", depends_on=report.delivery)
    assert sorted(each.payload["storage"] for each in sent_on) == sorted(
        photo.file.name for photo in photos
    )
    [listed] = app.json(f"requests/{row['service_request_id']}")
    assert listed["media_url"] is None
    assert app.get(f"photos/{photos[0].public_id}.jpg").status_code == 404


def test_photo_is_public_once_staff_have_approved_it(app, sent, portal):
    send("requests", sent, media=file())
    photo = Photo.objects.get()
    portal.sign_in(ResidentFactory(staff=True, is_superuser=True))
    page = portal.get("/admin/street_reports/photo/").content.decode()
    assert "FixMyStreet" in page
    chosen = {"action": "approve", "_selected_action": photo.pk}
    portal.post("/admin/street_reports/photo/", chosen)
    [row] = app.json("requests")
    assert row["media_url"].endswith(f"/photos/{photo.public_id}.jpg")
    answer = app.get(f"photos/{photo.public_id}.jpg")
    assert answer.status_code == 200 and b"".join(answer).startswith(b"\xff\xd8")


def test_what_a_camera_wrote_into_a_photo_goes(app, sent):
    content = with_exif("JPEG")
    assert Image.open(BytesIO(content)).getexif().get_ifd(GPS)
    send("requests", sent, media=SimpleUploadedFile("a.jpg", content))
    with Photo.objects.get().file.open("rb") as kept:
        assert not Image.open(kept).getexif()


@pytest.mark.parametrize(
    "files, reason",
    [
        ({"media": SimpleUploadedFile("a.jpg", b"<script>")}, "must be a JPEG"),
        ({"photo1": file(), "photo2": SimpleUploadedFile("b.jpg", b"x")}, "must be a JPEG"),
        ({"photo1": SimpleUploadedFile("a.jpg", b"")}, "empty"),
        ({f"photo{n}": file((60 + n, 48)) for n in range(4)}, "up to 3 photos"),
    ],
)
def test_report_with_a_file_that_cannot_be_taken_is_refused_whole(app, sent, files, reason):
    for each in files.values():
        each.seek(0)
    answer = send("requests", sent, **files)
    assert answer.status_code == 400 and reason in said(answer)
    assert not Report.objects.exists() and not Photo.objects.exists()


def test_call_that_is_too_large_is_refused_before_it_is_read(app, sent):
    answer = Client().post(
        f"{BASE}requests.json", b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(32 * 1024 * 1024),
    )  # fmt: skip
    assert answer.status_code == 400 and "more than 31 MB" in said(answer)


def test_same_report_again_adds_no_photo_twice(app, sent):
    sent["attribute[fixmystreet_id]"] = "7"
    first = send("requests", sent, photo1=file(), photo2=file())
    again = send("requests", sent, photo1=file((90, 90)))
    assert first.json() == again.json()
    assert Photo.objects.count() == 1


def test_photos_of_what_somebody_had_reported_are_not_kept_and_the_app_is_told(app, sent, light):
    report = ReportFactory(asset=light)
    [row] = send("requests", sent, media=file()).json()
    assert row["service_request_id"] == report.reference
    assert row["service_notice"].endswith("the photos are not added.")
    assert not Photo.objects.exists()


def test_erasure_takes_the_photos_that_an_app_brought_for_somebody(app, sent):
    send("requests", sent | {"email": "ann@example.org"}, media=file())
    other = PhotoFactory(report=ReportFactory(), position=1)
    photo = Photo.objects.from_apps().get()
    ann = ResidentFactory(email="ann@example.org")
    ann.emailaddress_set.create(email=ann.email, verified=True, primary=True)
    exported = dict(service.export(ann))["photos_without_account"]
    assert [row["public_id"] for row in exported] == [photo.public_id]
    service.erase(ann)
    assert Photo.objects.get() == other
    assert Delivery.objects.get(kind="photo").state == "cancelled"


# Addresses of photos -----------------------------------------------------------------------------
def test_addresses_of_photos_are_kept_for_staff_and_never_fetched(app, sent):
    links = ["http://169.254.169.254/latest/meta-data/", "https://fms.example.org/photo/7.1.jpeg"]
    row = app.report(sent | {"media_url": links})
    report = Report.objects.get()
    assert report.description.endswith(
        f"Photos (from FixMyStreet, not checked by us): {links[0]} {links[1]}"
    )
    assert not report.photos.exists()
    assert "169.254" not in app.get(f"requests/{row['service_request_id']}.json").content.decode()


@pytest.mark.parametrize("links", [["a"] * 4, ["https://e.org/" + "x" * 800], ["file:///a"]])
def test_addresses_that_cannot_be_kept_are_refused(app, sent, links):
    answer = app.post("requests.json", sent | {"media_url": links})
    assert answer.status_code == 400 and "media_url" in said(answer)


def test_description_and_addresses_as_long_as_may_be_are_kept(app, sent):
    link = "https://e.org/" + "x" * (800 - 14)
    app.report(sent | {"media_url": link, "description": "ä" * 4000})
    assert Report.objects.get().description.count("ä") == 4000
