"""The page of photos: each is stored as soon as it is sent, and can be removed again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.template.loader import render_to_string

from accounts.http import resident_of
from stockport.images import KINDS, MEGABYTES, NotAPhoto
from stockport.steps import StepForm
from stockport.uploads import FilesField, FilesInput, not_added
from street_reports.models import Photo
from street_reports.photos import EnoughForToday, TooManyPhotos, add_photo, remove_photo
from street_reports.rules import MOST_PHOTOS, PHOTOS_A_DAY

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TYPES = "image/jpeg,image/png,image/webp,image/heic,image/heif"
FULL = f"A report takes up to {MOST_PHOTOS} photos"
ENOUGH = f"You can add {PHOTOS_A_DAY} photos in a day. Try again tomorrow, or continue without"


class PhotoForm(StepForm):
    """Adds what is sent, removes what is named; “Continue” sends neither."""

    photo = FilesField(
        label="Choose photos",
        help_text=f"Up to {MOST_PHOTOS} {KINDS} files of up to {MEGABYTES} MB each. Do not show "
        "people or number plates of cars. We remove what your phone writes into them, such as "
        "where you were.",
        required=False,
        widget=FilesInput(attrs={"accept": TYPES}),
    )

    @cached_property
    def photos(self) -> list[Photo]:
        """The photos so far."""
        mine = Photo.objects.for_resident(resident_of(self.request))
        return list(mine.of_form(self.key).in_order())

    @property
    def is_full(self) -> bool:
        """Whether a report takes no more."""
        return len(self.photos) >= MOST_PHOTOS

    @property
    def stays(self) -> bool:
        """The page shows what was added or removed."""
        return bool(self.cleaned_data["photo"]) or "remove" in self.sent

    def clean(self) -> dict[str, Any]:
        """Does what was asked; an error names the files that could not be added."""
        cleaned = super().clean() or self.cleaned_data
        if "remove" in self.sent:
            self._remove(str(self.sent["remove"]))
        uploads = cleaned["photo"]
        if not uploads and "add" in self.sent:
            self.add_error("photo", "Choose a photo, or continue without")
        if refused := self._add(uploads):
            self.add_error("photo", ". ".join(refused))
        return cleaned

    def _remove(self, public_id: str) -> None:
        try:
            photo = UUID(public_id)
        except ValueError:  # written by hand: there is no such photo
            return
        remove_photo(resident=resident_of(self.request), token=self.key, public_id=photo)

    def _add(self, uploads: Sequence[UploadedFile[bytes]]) -> list[str]:
        """Store what can be taken; why the rest cannot, each reason with the files' names."""
        return not_added(uploads, self._refusal, most=MOST_PHOTOS, full=FULL)

    def _refusal(self, upload: UploadedFile[bytes]) -> str:
        """Store the photo, or say why not."""
        try:
            add_photo(resident=resident_of(self.request), token=self.key, upload=upload)
        except NotAPhoto as reason:
            return str(reason)
        except TooManyPhotos:
            return FULL
        except EnoughForToday:
            return ENOUGH
        return ""

    def stored(self) -> str:
        """Nothing: the photos are stored under the form's key."""
        return ""

    def rows(self) -> list[tuple[str, str]]:
        """The photos, small."""
        if not self.photos:
            return [("Photos", "None")]
        thumbnails = render_to_string("street_reports/thumbnails.html", {"photos": self.photos})
        return [("Photos", thumbnails)]
