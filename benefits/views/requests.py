"""One request: what was told or asked, how far it is, and by when what; and a draft to delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from benefits.drafts import delete_draft
from benefits.models import ClaimDraft, ClaimRequest
from benefits.models.request import RequestKind
from benefits.rules import SupportAppeal
from stockport.components import SummaryRow
from stockport.readonly import reading, readonly
from stockport.requested import RequestStatus

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

ANSWERED = (RequestStatus.DONE, RequestStatus.REFUSED)


@readonly
def request(request: HttpRequest, reference: str) -> HttpResponse:
    """What this resident told or asked, with its reference and what happens next."""
    mine = ClaimRequest.objects.for_resident(resident_of(request)).select_related("delivery")
    found = get_object_or_404(mine, reference=reference)
    context = {
        "asked": found,
        "rows": [SummaryRow(key, value) for key, value in found.summary],
        "appeal": _appeal(found),
    }
    return render(request, "benefits/request.html", context)


def _appeal(asked: ClaimRequest) -> SupportAppeal | None:
    if asked.kind != RequestKind.SUPPORT:
        return None
    answered = asked.status_at if asked.status in ANSWERED else None
    return SupportAppeal(
        timezone.localdate(asked.created_at),
        timezone.localdate(answered) if answered else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask whether to delete a form that was begun; a POST deletes it."""
    resident = resident_of(request)
    with reading():
        mine = ClaimDraft.objects.for_resident(resident).unfinished()
        draft = get_object_or_404(mine, key=key)
        if request.method != "POST":
            return render(request, "benefits/forget.html", {"draft": draft})
    delete_draft(resident=resident, key=key)
    return redirect("benefits:index")
