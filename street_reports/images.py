"""What is taken as a photo: decoded and written anew, so that nothing else comes along.

The new file has neither EXIF nor GPS, whatever the camera wrote, and no bytes of the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps, UnidentifiedImageError

MEGABYTES: Final = 10
LONGEST_SIDE: Final = 2048  # pixels: a plate number is still readable
MOST_PIXELS: Final = 60_000_000  # what the largest phone cameras take
FORMATS: Final = ("JPEG", "PNG", "WEBP")
# A file that is also a page or a document is not a photo, whatever else it is.
FOREIGN: Final = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"<iframe", b"%pdf-")
END_OF_ZIP: Final = b"PK\x05\x06"
NOT_A_PHOTO: Final = "The photo must be a JPEG, PNG or WebP file"


class NotAPhoto(Exception):
    """The file cannot be taken; the message says why and what can be."""


@dataclass(frozen=True)
class Cleaned:
    """A photo as a JPEG file, and its size in pixels."""

    file: ContentFile[bytes]
    width: int
    height: int


def clean(upload: File[bytes]) -> Cleaned:
    """The photo as a new JPEG, upright, at most 2048 pixels long; raises NotAPhoto."""
    if upload.size > MEGABYTES * 1024 * 1024:
        raise NotAPhoto(f"The photo must be smaller than {MEGABYTES} MB")
    content = upload.read()
    if not content:
        raise NotAPhoto("The file is empty. Choose a photo")
    _refuse_disguises(content)
    image = _decoded(content)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = BytesIO()
    image.save(written, "JPEG", quality=85)
    return Cleaned(ContentFile(written.getvalue(), name="photo.jpg"), image.width, image.height)


def _refuse_disguises(content: bytes) -> None:
    lower = content.lower()
    if any(mark in lower for mark in FOREIGN) or END_OF_ZIP in content[-66_000:]:
        raise NotAPhoto(f"{NOT_A_PHOTO}, with nothing else inside")


def _decoded(content: bytes) -> Image.Image:
    """The upright picture in plain colours, all of it read; raises NotAPhoto."""
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise NotAPhoto(TOO_MANY_PIXELS)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        return _on_white(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        raise NotAPhoto(NOT_A_PHOTO) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPhoto(TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise NotAPhoto("The photo is damaged or incomplete. Choose another one") from None


TOO_MANY_PIXELS: Final = "The photo has too many pixels. Choose a smaller one"


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
