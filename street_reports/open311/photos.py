"""Photos that staff have approved for the public, of reports that are not private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse

from street_reports.models import Photo
from street_reports.open311 import errors
from street_reports.open311.errors import Refused

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


def photo(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The photo; raises Refused (404). Staff can take it back, since nobody keeps it unasked."""
    try:
        file = Photo.objects.public().get(public_id=public_id).file.open("rb")
    except (Photo.DoesNotExist, FileNotFoundError):
        raise Refused(errors.MISSING, f"There is no photo {public_id}.") from None
    policy = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(file, content_type="image/jpeg", headers=policy)
