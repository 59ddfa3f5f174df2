"""The page of photos in a real browser: on a phone, and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from accounts.models import Resident
from street_reports.models import Photo
from tests.factories.street_reports import AssetFactory, DestinationFactory
from tests.journeys.visitor import Visitor
from tests.stockport.test_images import picture

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def private_storage(tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three photos as phones take them, upright and not, one of them HEIC; and a text."""
    shapes = [
        ("one.jpg", "JPEG", (1200, 1600)),
        ("two.heic", "HEIF", (320, 240)),
        ("three.png", "PNG", (1600, 900)),
    ]
    for name, form, size in shapes:
        (tmp_path / name).write_bytes(picture(form, size))
    (tmp_path / "a-list-of-things-to-do-before-the-end-of-the-year.txt").write_text("Milk")
    return [tmp_path / name for name, *_ in shapes] + sorted(tmp_path.glob("*.txt"))


def to_photos(visitor: Visitor, resident: Resident) -> None:
    """Answer the pages up to the photos."""
    DestinationFactory()
    AssetFactory()
    visitor.sign_in(resident)
    visitor.visit("/street-reports/new/")
    for choice in ("Street light", "No", "None of these"):
        visitor.page.get_by_role("radio", name=choice).first.check()
        visitor.press("Continue")
    visitor.page.get_by_role("textbox").first.fill("Ashfield Road")
    visitor.press("Continue")
    visitor.page.get_by_role("radio").first.check()
    visitor.press("Continue")
    visitor.page.get_by_role("radio", name="It is not working").check()
    visitor.press("Continue")
    visitor.press("Continue")
    assert visitor.heading == "Add photos (optional)"


def choose(visitor: Visitor, *files: Path) -> None:
    visitor.page.get_by_label("Choose photos").set_input_files(list(files))


def keep_picture(visitor: Visitor, name: str) -> None:
    if SCREENSHOTS:
        size = visitor.page.viewport_size or {}
        picture_name = f"photos-{size.get('width')}-{name}.png"
        visitor.page.screenshot(path=Path(SCREENSHOTS) / picture_name, full_page=True)


def test_photos_are_added_and_removed_on_a_phone(
    phone: Visitor, resident: Resident, files: list[Path]
) -> None:
    go_through(phone, resident, files)


def test_photos_are_added_and_removed_without_scripts(
    plain: Visitor, resident: Resident, files: list[Path]
) -> None:
    go_through(plain, resident, files)


def go_through(visitor: Visitor, resident: Resident, files: list[Path]) -> None:
    one, two, three, text = files
    to_photos(visitor, resident)
    keep_picture(visitor, "none")
    choose(visitor, one, text)
    visitor.press("Add photos")
    assert "We did not add “a-list" in visitor.page.locator(".govuk-error-summary").inner_text()
    keep_picture(visitor, "refused")
    choose(visitor, two, three)
    visitor.press("Add another photo")
    assert shown(visitor) == ["Photo 1 of 3", "Photo 2 of 3", "Photo 3 of 3"]
    keep_picture(visitor, "three")
    visitor.press("Remove photo 2")
    assert shown(visitor) == ["Photo 1 of 2", "Photo 2 of 2"]
    visitor.press("Continue")
    visitor.page.get_by_role("radio", name="Yes").check()
    visitor.press("Continue")
    assert visitor.heading == "Check your answers"
    assert shown(visitor) == ["Photo 1 of 2", "Photo 2 of 2"]
    keep_picture(visitor, "check")
    visitor.press("Confirm and send")
    visitor.follow("Follow your report")
    assert shown(visitor) == ["Photo 1 of 2", "Photo 2 of 2"]
    keep_picture(visitor, "report")
    assert Photo.objects.exclude(report=None).count() == 2


def shown(visitor: Visitor) -> list[Any]:
    """What the pictures of the page say, once each of them is there."""
    images = visitor.page.locator("main img")
    for image in images.all():
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    return [image.get_attribute("alt") for image in images.all()]
