"""Photos that an app sends: as files, or as the addresses where it keeps them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from django import forms

from stockport.images import NotAPhoto
from street_reports.open311 import errors
from street_reports.open311.errors import Refused
from street_reports.photos import TooManyPhotos, add_photos_of_app, discard_photos_of_app
from street_reports.rules import MOST_PHOTOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from street_reports.models import ApiKey

LONGEST_LINKS: Final = 800  # characters of all of them
NO_FILES = "Files are taken with a report, not with an update. Send media_url."


class LinksField(forms.URLField):
    """The addresses of photos; the field may be sent several times."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str]) -> list[str]:
        """Those that are not empty; raises ValidationError."""
        links = [str(link) for link in map(super().clean, value) if link]
        if sum(map(len, links)) > LONGEST_LINKS or len(links) > MOST_PHOTOS:
            raise forms.ValidationError(
                f"Send {MOST_PHOTOS} addresses at most, of {LONGEST_LINKS} characters together."
            )
        return links


def elsewhere(fields: dict[str, Any], key: ApiKey) -> str:
    """What staff read of photos that are not here: nothing is ever fetched from these addresses."""
    links: list[str] = fields["media_url"]
    return f"Photos (from {key.owner}, not checked by us): {' '.join(links)}" if links else ""


@contextmanager
def photos_of(request: HttpRequest, key: ApiKey) -> Iterator[UUID]:
    """The token of a form with the files that were sent, whatever each is called.

    Raises Refused where one cannot be taken. What no report has taken in the end is deleted.
    """
    token = uuid4()
    if not request.FILES:
        yield token
        return
    uploads = [file for _, sent in request.FILES.lists() for file in sent]
    try:
        add_photos_of_app(source=key, token=token, uploads=uploads)
        yield token
    except NotAPhoto as reason:
        raise Refused(errors.BAD, f"{reason}.") from reason
    except TooManyPhotos:
        raise Refused(errors.BAD, f"A report takes up to {MOST_PHOTOS} photos.") from None
    finally:
        discard_photos_of_app(source=key, token=token)
