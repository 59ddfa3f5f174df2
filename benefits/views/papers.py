"""What the council asks to see: adding papers, sending them, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from benefits import rules, tables
from benefits.models import EvidenceRequest, Paper, Sending
from benefits.papers import TYPES, NothingToSend, send_papers
from benefits.papers_form import PapersForm
from stockport.readonly import reading, readonly

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One thing that the council asks to see: what counts, by when, and the form to send it."""
    resident = resident_of(request)
    mine = EvidenceRequest.objects.for_resident(resident).with_sent_by(resident)
    asked = get_object_or_404(mine.select_related("claim"), pk=number, claim__reference=reference)
    if request.method == "POST":
        form = PapersForm(request.POST, request.FILES, resident=resident, asked=asked)
        return _done(form) if form.is_valid() else _page(request, form)
    with reading():
        return _page(request, PapersForm(resident=resident, asked=asked))


def _done(form: PapersForm) -> HttpResponse:
    """Where a good form leads: what was sent, or the page again with what was added."""
    if not form.sends:
        return redirect("benefits:evidence", form.asked.claim.reference, form.asked.pk)
    try:
        return redirect(send_papers(resident=form.resident, request=form.asked))
    except NothingToSend:  # another tab has sent them
        return redirect("benefits:evidence", form.asked.claim.reference, form.asked.pk)


def _page(request: HttpRequest, form: PapersForm) -> HttpResponse:
    asked, sent = form.asked, Sending.objects.for_resident(form.resident).of(form.asked)
    by = asked.due or _usually_by(asked)
    context = {
        "form": form,
        "asked": asked,
        "claim": asked.claim,
        "state": tables.request_words(asked),
        "by": by,
        "is_late": by < timezone.localdate(),
        "sent": [(each, *tables.sending_words(each)) for each in sent.with_progress()],
    }
    return render(request, "benefits/evidence.html", context)


def _usually_by(asked: EvidenceRequest) -> date:
    claim = asked.claim
    days = settings.CTS_EVIDENCE_DAYS if claim.includes_council_tax_support else 0
    housing = claim.includes_housing_benefit or not claim.includes_council_tax_support
    return rules.papers_by(asked.asked, housing_benefit=housing, support_days=days)


@readonly
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """What was sent together, each file with how far it is."""
    mine = Sending.objects.for_resident(resident_of(request)).with_progress()
    sending = get_object_or_404(mine.select_related("delivery"), reference=reference)
    papers = sending.papers.order_by("position").select_related("delivery")
    words, colour = tables.sending_words(sending)
    rows = tables.paper_rows(papers)
    context = {"sending": sending, "words": words, "colour": colour, "rows": rows}
    return render(request, "benefits/sent.html", context)


@readonly
def paper(request: HttpRequest, public_id: str) -> FileResponse:
    """The file as it was kept: for who added it, and nobody else."""
    found = get_object_or_404(Paper.objects.for_resident(resident_of(request)), public_id=public_id)
    try:
        file = found.file.open()
    except FileNotFoundError:
        raise Http404 from None
    name, kind = f"file-{found.position}.{found.kind}", TYPES[Paper.Kind(found.kind)]
    return FileResponse(file, filename=name, content_type=kind, headers=HEADERS)
