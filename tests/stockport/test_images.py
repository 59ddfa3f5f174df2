"""What is taken as a photo, and what is refused with which words."""

import struct
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageCms

from stockport import images

GPS = 0x8825
ORIENTATION = 0x0112


def picture(form="JPEG", size=(64, 48), mode="RGB", **options):
    written = BytesIO()
    Image.new(mode, size, "green").save(written, form, **options)
    return written.getvalue()


def cleaned(content):
    return images.clean(images.read(ContentFile(content, name="photo.jpg")))


def reopened(result):
    result.file.seek(0)
    return Image.open(BytesIO(result.file.read()))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_photo_becomes_a_jpeg(form):
    result = cleaned(picture(form))
    assert reopened(result).format == "JPEG"
    assert (result.width, result.height) == (64, 48)


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>53,24.59N</exif:GPSLatitude>"
NORTH = (53.0, 24.0, 35.3)


def with_exif(form="JPEG", **options):
    """A photo taken in Stockport with the phone held upright."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = NORTH
    return picture(form, exif=exif.tobytes(), xmp=XMP, **options)


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "HEIF"])
def test_photo_loses_where_it_was_taken_and_stands_upright(form):
    content = with_exif(form)
    assert Image.open(BytesIO(content)).getexif().get_ifd(GPS)[2] == NORTH
    assert b"GPSLatitude" in content
    result = cleaned(content)
    assert (result.width, result.height) == (48, 64)
    kept = reopened(result)
    assert not kept.getexif()
    assert not kept.getxmp()
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    stored = result.file.read()
    for trace in (b"Exif", b"xmpmeta", b"GPS", b"ICC_PROFILE"):
        assert trace not in stored


def wide_profile():
    """The colours of a profile in which red is named green: what is drawn red must turn green."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    entries = {bytes(profile[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_photo_keeps_its_colours_without_its_profile(form):
    written = BytesIO()
    red = Image.new("RGB", (64, 64), (250, 0, 0))
    red.save(written, form, icc_profile=wide_profile())
    shown_red, shown_green, _ = reopened(cleaned(written.getvalue())).getpixel((32, 32))
    assert shown_green > 200 > 60 > shown_red


def test_damaged_profile_is_left_out():
    assert reopened(cleaned(picture(icc_profile=b"no profile"))).getpixel((8, 8))[1] > 100


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


@pytest.mark.parametrize("form", ["WEBP", "HEIF"])
def test_only_the_first_picture_of_a_film_is_kept(form):
    written = BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(written, form, save_all=True, append_images=frames[1:])
    kept = reopened(cleaned(written.getvalue()))
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.getpixel((32, 32))[0] > 200


def zipped():
    import zipfile

    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "a")
    return written.getvalue()


def heic_that_says(width, height, size=(64, 64)):
    """A HEIC file with another size in its header than in its picture."""
    content = picture("HEIF", size=size)
    header = b"ispe" + bytes(4)
    said = header + struct.pack(">II", *size)
    assert said in content
    return content.replace(said, header + struct.pack(">II", width, height))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "empty": (b"", "empty"),
    "text": (b"hello", "must be a JPEG, PNG, WebP or HEIC"),
    "svg": (SVG, "must be a JPEG, PNG, WebP or HEIC"),
    "html": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "JPEG, PNG, WebP or HEIC"),
    "pdf": (b"%PDF-1.7 ...", "JPEG, PNG, WebP or HEIC"),
    "gif": (picture("GIF"), "must be a JPEG, PNG, WebP or HEIC"),
    "bmp": (picture("BMP"), "must be a JPEG, PNG, WebP or HEIC"),
    "tiff": (picture("TIFF"), "must be a JPEG, PNG, WebP or HEIC"),
    "executable": (b"MZ" + b"\0" * 100, "must be a JPEG, PNG, WebP or HEIC"),
    "photo that is a page too": (picture() + b"<script>alert(1)</script>", "nothing else inside"),
    "page in a comment": (picture(comment=b"<ScRiPt>1</script>"), "nothing else inside"),
    "photo that is an archive too": (picture() + zipped(), "nothing else inside"),
    "php": (picture("PNG") + b"<?php system($_GET[0]);", "nothing else inside"),
    "half a JPEG": (picture(size=(400, 400))[:900], "damaged or incomplete"),
    "half a PNG": (picture("PNG", size=(400, 400))[:200], "damaged or incomplete"),
    "HEIC that is an archive too": (picture("HEIF") + zipped(), "nothing else inside"),
    "HEIC that is a page too": (picture("HEIF") + b"<html>", "nothing else inside"),
    "HEIC in name only": (b"\0\0\0\x1cftypheic" + bytes(200), "JPEG, PNG, WebP or HEIC"),
    "film of HEIC pictures": (b"\0\0\0\x1cftyphevc" + bytes(200), "JPEG, PNG, WebP or HEIC"),
    "AVIF": (picture("AVIF"), "must be a JPEG, PNG, WebP or HEIC"),
    "half a HEIC": (picture("HEIF")[:-20], "damaged or incomplete"),
    "HEIC header alone": (picture("HEIF")[:100], "JPEG, PNG, WebP or HEIC"),
    "HEIC of one colour cut": (picture("HEIF")[:300], "JPEG, PNG, WebP or HEIC"),
    "HEIC bomb": (heic_that_says(9000, 9000), "too many pixels"),
    "greater HEIC bomb": (heic_that_says(60000, 60000), "too many pixels|JPEG, PNG, WebP or HEIC"),
    "HEIC larger than it says": (heic_that_says(64, 64, (1024, 1024)), "damaged or incomplete"),
    "half a WebP": (picture("WEBP")[:60], "JPEG, PNG, WebP or HEIC|damaged or incomplete"),
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
