"""What is taken as a photo: decoded and written anew, so that nothing else comes along.

The new file has no EXIF, GPS, XMP or colour profile, whatever the camera wrote, and no bytes of
the old one. Why HEIC is read by pillow-heif, and how it is kept safe: docs/adr/0009-heic.md.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pillow_heif
from django.core.files.base import ContentFile, File
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MEGABYTES: Final = 10
LONGEST_SIDE: Final = 2048  # pixels: a plate number is still readable
MOST_PIXELS: Final = 60_000_000  # what the largest phone cameras take
FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
# A file that is also a page or a document is not a photo, whatever else it is. Shorter marks than
# these turn up by chance in photos of some megabytes.
FOREIGN: Final = (
    *(b"<script", b"<html", b"<!doctype", b"<?php", b"<iframe", b"%pdf-"),
    *(b"<svg ", b"<svg>", b"<svg\n", b"<svg\r", b"<svg\t"),
)
END_OF_ZIP: Final = b"PK\x05\x06"
KINDS: Final = "JPEG, PNG, WebP or HEIC"
NOT_A_PHOTO: Final = f"The photo must be a {KINDS} file"
TOO_MANY_PIXELS: Final = "The photo has too many pixels. Choose a smaller one"
SRGB: Final = ImageCms.createProfile("sRGB")
# The largest photo takes half a gigabyte while it is decoded: one at a time in each process.
DECODING: Final = threading.Lock()

# Only the photo itself is read, by one thread; libheif's own limits of memory stay on.
pillow_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)


class NotAPhoto(Exception):
    """The file cannot be taken; the message says why and what can be."""


class UnknownKind(NotAPhoto):
    """It is no picture of a kind that can be read."""


@dataclass(frozen=True)
class Cleaned:
    """A photo as a JPEG file, and its size in pixels."""

    file: ContentFile[bytes]
    width: int
    height: int


def read(upload: File[bytes], noun: str = "photo") -> bytes:
    """What was sent; raises NotAPhoto where it is nothing or too much."""
    if upload.size > MEGABYTES * 1024 * 1024:
        raise NotAPhoto(f"The {noun} must be smaller than {MEGABYTES} MB")
    upload.seek(0)
    content: bytes = upload.read()
    if not content:
        raise NotAPhoto(f"The file is empty. Choose a {noun}")
    return content


def clean(content: bytes, longest: int = LONGEST_SIDE) -> Cleaned:
    """The photo as a new JPEG, upright, at most so many pixels long; raises NotAPhoto."""
    _refuse_disguises(content)
    with DECODING:
        image = _decoded(content, longest)
    written = BytesIO()
    image.save(written, "JPEG", quality=85)
    return Cleaned(ContentFile(written.getvalue(), name="photo.jpg"), image.width, image.height)


def _refuse_disguises(content: bytes) -> None:
    lower = content.lower()
    if any(mark in lower for mark in FOREIGN) or END_OF_ZIP in content[-66_000:]:
        raise NotAPhoto(f"{NOT_A_PHOTO}, with nothing else inside")


def _decoded(content: bytes, longest: int) -> Image.Image:
    """The upright picture in plain colours, all of it read, made smaller; raises NotAPhoto."""
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise NotAPhoto(TOO_MANY_PIXELS)
        image.draft("RGB", (longest, longest))
        flat = _on_white(image)
        flat.thumbnail((longest, longest))
        return _in_srgb(ImageOps.exif_transpose(flat))
    except UnidentifiedImageError:
        raise UnknownKind(NOT_A_PHOTO) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPhoto(TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError):
        raise NotAPhoto("The photo is damaged or incomplete. Choose another one") from None


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    flat = Image.alpha_composite(white, layer).convert("RGB")
    flat.info = image.info
    return flat


def _in_srgb(image: Image.Image) -> Image.Image:
    """In the colours that a file without a profile has: phones write wider ones (Display P3)."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):  # damaged, or of colours that are not red, green, blue
        return image
