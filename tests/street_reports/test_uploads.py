"""What is sent as a photo with a hostile name, or is no photo: nothing of it is ever stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from street_reports.models import Photo
from tests.stockport.test_images import HOSTILE, picture

NAMES = {
    "parent folders": b"../../../etc/cron.d/photo.jpg",
    "parent folders of Windows": b"..\\..\\photo.jpg",
    "absolute": b"/etc/passwd",
    "hidden parent folders": b"..%2F..%2Fphoto.jpg",
    "entities of parent folders": b"&#46;&#46;&#47;photo.jpg",
    "NUL": b"photo.php\0.jpg",
    "line break": b"photo\r\nX-Evil: a.jpg",
    "line break, encoded": b"photo%0D%0AContent-Type: text/html.jpg",
    "300 characters": b"p" * 300 + b".jpg",
    "page": b"photo.html",
    "program": b"photo.php",
    "server's own": b".htaccess",
    "markup": b"<script>alert(1)</script>.jpg",
    "emoji": "\N{PILE OF POO}.jpg".encode(),
    "device": b"CON.jpg",
}


@pytest.fixture
def at_photo(form):
    """The form, answered up to the page of the photo."""
    form.fill(until="photo")
    return form


def stored(settings: Settings) -> list[Path]:
    """Every file below the folder of photos."""
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def send(form, head: bytes, content: bytes):
    """The page's form as a browser encodes it, with this head of the file's part."""
    body = b'--X\r\nContent-Disposition: form-data; name="photo"' + head
    body += b"\r\nContent-Type: image/jpeg\r\n\r\n" + content + b"\r\n--X--\r\n"
    return form.portal.post(f"{form.base}photo/", body, "multipart/form-data; boundary=X")


@pytest.mark.parametrize("name", NAMES)
def test_photo_never_keeps_the_name_that_it_was_sent_with(at_photo, settings, name):
    answer = send(at_photo, b'; filename="' + NAMES[name] + b'"', picture())
    assert answer.status_code == 302
    [file] = stored(settings)
    photo = Photo.objects.get()
    assert file == Path(settings.MEDIA_ROOT) / photo.file.name
    assert file.name.removesuffix(".jpg").replace("-", "").isalnum()
    assert at_photo.get("photo").page.select(f"img[src='{photo.get_absolute_url()}']")


@pytest.mark.parametrize("name", NAMES)
def test_page_names_a_file_that_it_refuses_as_harmless_text(at_photo, name):
    answer = send(at_photo, b'; filename="' + NAMES[name] + b'"', b"no photo")
    [error] = answer.page.errors
    assert error.startswith("We did not add “")
    assert error.endswith("”. The photo must be a JPEG, PNG, WebP or HEIC file")
    assert len(error) < 130
    assert error.isprintable()
    assert "<script>alert" not in answer.page.html
    assert ".." not in error.replace("..%2F", "").replace("&#46;", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_page_says_what_is_wrong_with_a_file_and_stores_nothing(at_photo, settings, name):
    content, words = HOSTILE[name]
    answer = at_photo.post("photo", photo=SimpleUploadedFile("photo.jpg", content, "image/jpeg"))
    assert answer.status_code == 200
    [error] = answer.page.errors
    assert any(word in error for word in words.split("|"))
    assert answer.page.select("#id_photo.govuk-file-upload--error")
    assert stored(settings) == []


GARBLED = {
    "name that is only dots": b'; filename=".."',
    "name that is not UTF-8": b'; filename="\xff\xfe.jpg"',
    "no name": b"",
}


@pytest.mark.parametrize("how", GARBLED)
def test_form_that_no_browser_sends_stores_nothing(at_photo, settings, how):
    assert send(at_photo, GARBLED[how], picture()).status_code == 302
    assert stored(settings) == []


def test_form_with_more_files_than_anybody_sends_gets_a_page(at_photo, settings):
    photos = [SimpleUploadedFile(f"{n}.jpg", b"\xff\xd8\xff") for n in range(101)]
    answer = at_photo.post("photo", photo=photos)
    assert answer.status_code == 400
    assert answer.page.h1 == "We could not read what you sent"
    assert stored(settings) == []
