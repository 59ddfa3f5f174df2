"""Photos that staff have approved for the public, of reports that are not private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from stockport.readonly import readonly
from street_reports.models import Photo

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@login_not_required
@readonly
def photo(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The photo; nobody keeps it without asking again, so that staff can take it back."""
    try:
        file = get_object_or_404(Photo.objects.public(), public_id=public_id).file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "no-cache",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
