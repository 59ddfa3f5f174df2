"""What is taken as a photo, and what is refused with which words."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from street_reports import images

GPS = 0x8825
ORIENTATION = 0x0112


def picture(form="JPEG", size=(64, 48), mode="RGB", **options):
    written = BytesIO()
    Image.new(mode, size, "green").save(written, form, **options)
    return written.getvalue()


def cleaned(content):
    return images.clean(ContentFile(content, name="photo.jpg"))


def reopened(result):
    result.file.seek(0)
    return Image.open(BytesIO(result.file.read()))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photo_becomes_a_jpeg(form):
    result = cleaned(picture(form))
    assert reopened(result).format == "JPEG"
    assert (result.width, result.height) == (64, 48)


def with_exif():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (53.0, 24.0, 35.3)
    return picture(exif=exif)


def test_photo_loses_where_it_was_taken_and_stands_upright():
    content = with_exif()
    assert Image.open(BytesIO(content)).getexif().get_ifd(GPS)
    result = cleaned(content)
    assert (result.width, result.height) == (48, 64)
    assert not reopened(result).getexif()
    assert b"Exif" not in result.file.read()


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1"])
def test_photo_in_any_colours_is_taken(mode):
    assert reopened(cleaned(picture("PNG", mode=mode))).mode == "RGB"


def test_transparent_parts_become_white():
    written = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(written, "PNG")
    assert reopened(cleaned(written.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def test_large_photo_is_made_smaller():
    result = cleaned(picture(size=(4000, 1000)))
    assert (result.width, result.height) == (2048, 512)


def test_only_the_first_picture_of_a_film_is_kept():
    written = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:])
    assert getattr(reopened(cleaned(written.getvalue())), "n_frames", 1) == 1


def zipped():
    import zipfile

    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "a")
    return written.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "empty": (b"", "empty"),
    "text": (b"hello", "must be a JPEG, PNG or WebP"),
    "svg": (SVG, "must be a JPEG, PNG or WebP"),
    "html": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "JPEG, PNG or WebP"),
    "pdf": (b"%PDF-1.7 ...", "JPEG, PNG or WebP"),
    "gif": (picture("GIF"), "must be a JPEG, PNG or WebP"),
    "bmp": (picture("BMP"), "must be a JPEG, PNG or WebP"),
    "tiff": (picture("TIFF"), "must be a JPEG, PNG or WebP"),
    "executable": (b"MZ" + b"\0" * 100, "must be a JPEG, PNG or WebP"),
    "photo that is a page too": (picture() + b"<script>alert(1)</script>", "nothing else inside"),
    "page in a comment": (picture(comment=b"<ScRiPt>1</script>"), "nothing else inside"),
    "photo that is an archive too": (picture() + zipped(), "nothing else inside"),
    "php": (picture("PNG") + b"<?php system($_GET[0]);", "nothing else inside"),
    "half a JPEG": (picture(size=(400, 400))[:900], "damaged or incomplete"),
    "half a PNG": (picture("PNG", size=(400, 400))[:200], "damaged or incomplete"),
    "half a WebP": (picture("WEBP")[:60], "JPEG, PNG or WebP|damaged or incomplete"),
    "bomb": (picture("PNG", size=(9000, 9000), mode="1"), "too many pixels"),
    "greater bomb": (picture("PNG", size=(20000, 20000), mode="1"), "too many pixels"),
    "too large": (b"\xff\xd8\xff" + b"\0" * 10 * 1024 * 1024, "smaller than 10 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_words_that_help(name):
    content, words = HOSTILE[name]
    with pytest.raises(images.NotAPhoto, match=words):
        cleaned(content)


def test_what_a_camera_adds_after_the_photo_is_left_behind():
    result = cleaned(picture() + b"MotionPhoto_Data" * 1000)
    assert b"MotionPhoto" not in result.file.read()
