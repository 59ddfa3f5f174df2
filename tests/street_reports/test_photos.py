"""Residents add up to three photos to a report, and nobody else sees them."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.utils import timezone
from PIL import Image

from stockport.outbox.models import Delivery
from street_reports import photos, rules
from street_reports.models import Photo, Report
from street_reports.photos import EnoughForToday, TooManyPhotos, add_photo
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import PhotoFactory
from tests.stockport.test_images import GPS, picture, with_exif

FULL = "A report takes up to 3 photos"
RACERS = 8


def photo_file(content=None, name="light.png", width=64):
    """A file of a light; another width is another photo."""
    return SimpleUploadedFile(
        name, picture("PNG", size=(width, 48)) if content is None else content
    )


def three():
    return [photo_file(name=f"{width}.png", width=width) for width in (61, 62, 63)]


@pytest.fixture
def at_photo(form):
    """The form, answered up to the page of the photos."""
    form.fill(until="photo")
    return form


def shown(page):
    """What the page says of each photo."""
    return [image.get("alt") for image in page.select("main img")]


def widths():
    return list(Photo.objects.in_order().values_list("width", flat=True))


# The page ---------------------------------------------------------------------------------------
def test_photos_are_added_one_by_one_shown_and_sent_after_the_report(at_photo):
    for number, file in enumerate(three(), start=1):
        answer = at_photo.post("photo", photo=file, add="1")
        assert answer.url == f"{at_photo.base}photo/"
        page = at_photo.get("photo").page
        assert shown(page) == [f"Photo {n} of {number}" for n in range(1, number + 1)]
        assert f"Remove photo {number}" in page.text("main form")
        assert f"Photo {number}: {60 + number} by 48 pixels, " in page.text("main form")
    assert "Remove one to add another" in page.text("main form")
    assert not page.select("input[type=file]")
    assert at_photo.post("photo").url == f"{at_photo.base}updates/"
    at_photo.post("updates")
    assert shown(at_photo.get("check").page) == ["Photo 1 of 3", "Photo 2 of 3", "Photo 3 of 3"]
    at_photo.send()
    report = Report.objects.get()
    assert shown(at_photo.portal.get(report.get_absolute_url()).page)[2] == "Photo 3 of 3"
    sent = {follower.payload["storage"] for follower in report.delivery.followers.all()}
    assert sent == {photo.file.name for photo in report.photos.all()}
    assert len(sent) == 3


def test_three_photos_can_be_chosen_at_once(at_photo):
    assert at_photo.get("photo").page.select("input[type=file][multiple]")
    assert at_photo.post("photo", photo=three(), add="1").status_code == 302
    assert widths() == [61, 62, 63]


def test_form_goes_on_without_a_photo(at_photo):
    assert at_photo.post("photo").url == f"{at_photo.base}updates/"
    at_photo.post("updates")
    assert "None" in at_photo.get("check").page.text(".govuk-summary-list")


def test_add_without_a_photo_asks_for_one(at_photo):
    assert at_photo.post("photo", add="1").page.errors == ["Choose a photo, or continue without"]


def test_continue_with_a_photo_chosen_shows_it_first(at_photo):
    assert at_photo.post("photo", photo=photo_file()).url == f"{at_photo.base}photo/"
    assert shown(at_photo.get("photo").page) == ["Photo 1 of 1"]


def test_photos_beyond_three_are_refused_by_name_and_none_is_lost(at_photo):
    at_photo.post("photo", photo=photo_file(width=60))
    page = at_photo.post("photo", photo=three(), add="1").page
    assert page.errors == [f"We did not add “63.png”. {FULL}"]
    assert widths() == [60, 61, 62]
    assert len(shown(page)) == 3
    more = [photo_file(name=f"{n}.png", width=n) for n in range(70, 77)]
    page = at_photo.post("photo", photo=more).page
    assert page.errors == [f"We did not add “70.png”, “71.png”, “72.png” and 4 more. {FULL}"]
    assert widths() == [60, 61, 62]


def test_good_photos_stay_where_one_of_them_is_bad(at_photo):
    first, _, third = three()
    bad = photo_file(b"no photo", name="<b>map.svg")
    page = at_photo.post("photo", photo=[first, bad, third], add="1").page
    [error] = page.errors
    assert error == (
        "We did not add “<b>map.svg”. The photo must be a JPEG, PNG, WebP or HEIC file"
    )
    assert "<b>map" not in page.html
    assert widths() == [61, 63]
    assert shown(page) == ["Photo 1 of 2", "Photo 2 of 2"]


def test_every_reason_is_given_once(at_photo):
    files = [photo_file(b"a", "a.txt"), photo_file(b"b", "b.txt"), photo_file(b"", "c.png")]
    [error] = at_photo.post("photo", photo=files).page.errors
    assert error == (
        "We did not add “a.txt” and “b.txt”. The photo must be a JPEG, PNG, WebP or HEIC file. "
        "We did not add “c.png”. The file is empty. Choose a photo"
    )


@pytest.mark.parametrize("again", [1, 2])
def test_form_sent_again_doubles_no_photo(at_photo, again):
    for _ in range(again + 1):
        assert at_photo.post("photo", photo=three(), add="1").status_code == 302
    assert widths() == [61, 62, 63]


def test_photo_can_be_removed_and_another_takes_its_place(at_photo, settings):
    at_photo.post("photo", photo=three())
    second = Photo.objects.get(width=62)
    button = at_photo.get("photo").page.select("button[name=remove]")[1]
    assert button.get("value") == str(second.public_id)
    for _ in range(2):  # the page before this one may still be open
        answer = at_photo.post("photo", remove=str(second.public_id))
        assert answer.url == f"{at_photo.base}photo/"
    assert shown(at_photo.get("photo").page) == ["Photo 1 of 2", "Photo 2 of 2"]
    at_photo.post("photo", photo=photo_file(width=99))
    assert widths() == [61, 99, 63]


def test_file_of_a_removed_photo_goes(at_photo, settings, django_capture_on_commit_callbacks):
    at_photo.post("photo", photo=photo_file())
    photo = Photo.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        at_photo.post("photo", remove=str(photo.public_id))
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_photo_is_changed_from_the_check_page(at_photo):
    at_photo.post("photo")
    at_photo.post("updates")
    page = f"{at_photo.base}photo/?change=1"
    assert at_photo.portal.post(page, {"photo": photo_file()}).url == page
    assert at_photo.portal.post(page).url == f"{at_photo.base}check/"
    assert shown(at_photo.get("check").page) == ["Photo 1 of 1"]


@pytest.mark.parametrize("value", ["", "7", "not-a-photo", "' OR 1=1"])
def test_removing_what_is_none_changes_nothing(at_photo, value):
    at_photo.post("photo", photo=photo_file())
    assert at_photo.post("photo", remove=value).status_code == 302
    assert Photo.objects.count() == 1


def test_photo_of_somebody_else_is_neither_shown_nor_removed_nor_sent(at_photo):
    other = PhotoFactory(form_token=at_photo.key)
    assert shown(at_photo.get("photo").page) == []
    at_photo.post("photo", remove=str(other.public_id))
    at_photo.post("photo")
    at_photo.post("updates")
    at_photo.send()
    other.refresh_from_db()
    assert other.report is None


def test_photo_of_a_sent_report_cannot_be_removed(at_photo, resident):
    at_photo.post("photo", photo=photo_file())
    at_photo.post("photo")
    at_photo.post("updates")
    at_photo.send()
    photo = Photo.objects.get()
    photos.remove_photo(resident=resident, token=at_photo.key, public_id=photo.public_id)
    assert Report.objects.get().photos.get() == photo


def test_photos_of_another_tab_stay_there(at_photo, resident):
    elsewhere = PhotoFactory(resident=resident)
    assert shown(at_photo.get("photo").page) == []
    at_photo.post("photo", remove=str(elsewhere.public_id))
    assert Photo.objects.get() == elsewhere


def test_somebody_who_adds_very_many_photos_waits_until_tomorrow(at_photo, resident):
    PhotoFactory.create_batch(rules.PHOTOS_A_DAY - 1, resident=resident)
    page = at_photo.post("photo", photo=three()).page
    assert page.errors == [
        "We did not add “62.png” and “63.png”. You can add 30 photos in a day. "
        "Try again tomorrow, or continue without"
    ]
    Photo.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert at_photo.post("photo", photo=photo_file()).status_code == 302


# What is stored ---------------------------------------------------------------------------------
def add(resident, token=None, content=None):
    upload = ContentFile(content or picture("PNG"), name="../../evil.php")
    return add_photo(resident=resident, token=token or uuid.uuid4(), upload=upload)


@pytest.mark.parametrize("form", ["JPEG", "HEIF"])
def test_stored_file_does_not_say_where_the_photo_was_taken(resident, form):
    photo = add(resident, content=with_exif(form))
    stored = Path(photo.file.path).read_bytes()
    assert not Image.open(BytesIO(stored)).getexif().get_ifd(GPS)
    for trace in (b"Exif", b"GPS", b"xmp", b"ftyp"):
        assert trace not in stored
    assert photo.size == len(stored)


def test_photo_is_stored_anew_under_a_name_of_ours(resident):
    photo = add(resident)
    assert photo.file.name.startswith("street_reports/")
    assert photo.file.name.endswith(".jpg")
    assert "evil" not in photo.file.name


def test_photos_nobody_sent_go_after_a_day(resident, django_capture_on_commit_callbacks):
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    old = PhotoFactory(resident=resident, created_at=yesterday)
    new = PhotoFactory(resident=resident)
    with django_capture_on_commit_callbacks(execute=True):
        assert photos.delete_unsent() == 1
    assert Photo.objects.get() == new
    assert not old.file.storage.exists(old.file.name)
    assert new.file.storage.exists(new.file.name)


def test_each_photo_has_a_delivery_of_its_own(at_photo):
    at_photo.post("photo", photo=three())
    at_photo.post("photo")
    at_photo.post("updates")
    at_photo.send()
    report = Report.objects.get()
    followers = list(report.delivery.followers.all())
    assert {follower.kind for follower in followers} == {"photo"}
    Delivery.objects.filter(pk=followers[0].pk).update(state="dead")
    assert report.delivery.followers.filter(state="pending").count() == 2
    assert Report.objects.get().delivery.state == "pending"


# Many at once -----------------------------------------------------------------------------------
def all_at_once(work):
    """What each of many gets, all of whom have read before the first one writes."""

    def run(number):
        try:
            return work(number)
        except (TooManyPhotos, EnoughForToday):
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(RACERS) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE street_reports_photo IN SHARE MODE")
            results = [pool.submit(run, number) for number in range(RACERS)]
            wait_for_writers(cursor)
        return [result.result() for result in results]


def wait_for_writers(cursor):
    """Until all of them wait for the table."""
    waiting = 0
    while waiting < RACERS:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
            " AND relation = 'street_reports_photo'::regclass"
        )
        [waiting] = cursor.fetchone()
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_photos_added_at_once_three_are_kept(settings):
    resident, token = ResidentFactory(), uuid.uuid4()
    results = all_at_once(
        lambda n: add(resident, token, picture("PNG", size=(60 + n, 48))) and True
    )
    assert results.count(True) == 3
    kept = Photo.objects.of_form(token).in_order()
    assert list(kept.values_list("position", flat=True)) == [1, 2, 3]
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert {path.name for path in files} == {Path(photo.file.name).name for photo in kept}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_photo_added_many_times_at_once_is_kept_once():
    resident, token = ResidentFactory(), uuid.uuid4()
    results = all_at_once(lambda _: add(resident, token))
    assert {photo.pk for photo in results} == {Photo.objects.get().pk}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_three_is_kept_by_the_constraint_and_nothing_else():
    """The negative control: without the index, every one of them is kept."""
    resident, token = ResidentFactory(), uuid.uuid4()
    [constraint] = [c for c in Photo._meta.constraints if c.name.endswith("position_of_form")]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Photo, constraint)
    try:
        all_at_once(lambda n: add(resident, token, picture("PNG", size=(60 + n, 48))))
        assert Photo.objects.count() == RACERS
    finally:
        Photo.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Photo, constraint)
