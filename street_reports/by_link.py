"""The pages of people without an account: the link to confirm, and the page of their report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from stockport.readonly import reading, readonly
from street_reports import confirming, contacts, pages
from street_reports.actions import AlreadyReported
from street_reports.models import Contact, Report, Unconfirmed
from street_reports.timeline import headline
from street_reports.without_account import WithoutAccount

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

never_stored = cache_control(no_store=True)


@login_not_required
@never_stored
@readonly
def asked(request: HttpRequest, key: UUID) -> HttpResponse:
    """That the link is on its way, and what to do where it does not arrive."""
    email = WithoutAccount().address(request, key)
    if not email:
        return redirect("street_reports:index")
    context = {"email": email, "key": key, "hours": settings.CONFIRM_HOURS}
    return render(request, "street_reports/asked.html", context)


@login_not_required
@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Back to the page that asks for the address; the link that was sent works no more."""
    if request.method != "POST":
        return redirect("street_reports:asked", key)
    return redirect(WithoutAccount().again(request, key))


@login_not_required
@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """What is to be reported, with a button: programs that look at e-mails follow links."""
    if request.method == "POST":
        return _confirmed(request, secret)
    with reading():
        unconfirmed = Unconfirmed.objects.of_link(secret).in_full().first()
        if unconfirmed is None:
            return no_longer(request)
        if unconfirmed.contact:
            return redirect(unconfirmed.contact)
        context = {"unconfirmed": unconfirmed, "rows": pages.unconfirmed(unconfirmed)}
        return render(request, "street_reports/confirm.html", context)


def _confirmed(request: HttpRequest, secret: str) -> HttpResponse:
    try:
        contact = confirming.confirm(secret=secret)
    except Unconfirmed.DoesNotExist:
        return no_longer(request)
    except AlreadyReported:  # the page says what is true now
        return redirect("street_reports:confirm", secret)
    return redirect(contact)


@login_not_required
@never_stored
@readonly
def report_page(request: HttpRequest, secret: str) -> HttpResponse:
    """The report and what has happened to it, without anybody else's words."""
    contact = _contact(secret)
    if contact is None:
        return no_longer(request)
    report = contact.report
    context = {
        "contact": contact,
        "report": report,
        "rows": pages.summary_by_link(contact),
        "expected": pages.expected(report),
        "headline": headline(report.status, report.delivery.state),
        "timeline": pages.history(report, None),
        "survivor_url": _survivor_url(contact),
    }
    return render(request, "street_reports/by_link.html", context)


@login_not_required
@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """Asks whether to stop the e-mails; a POST stops them."""
    contact = _contact(secret)
    if contact is None:
        return no_longer(request)
    if request.method == "POST":
        contacts.stop_updates(contact=contact)
        messages.success(request, "We do not send you e-mails about this report any more.")
        return redirect(contact)
    with reading():
        return render(request, "street_reports/stop.html", {"contact": contact})


def no_longer(request: HttpRequest) -> HttpResponse:
    """One answer to every link that does not work, whatever the reason."""
    return render(request, "street_reports/no_longer.html", {"hours": settings.CONFIRM_HOURS})


def _survivor_url(contact: Contact) -> str:
    """Their page of the report that theirs was merged into, if it was."""
    survivor = contact.report.merged_into
    there = survivor.contacts.filter(email=contact.email).first() if survivor else None
    return there.get_absolute_url() if there else ""


def _contact(secret: str) -> Contact | None:
    """Whose link it is, with the report in full; None for a link that does not work."""
    contact = Contact.objects.of_link(secret).first()
    if contact:
        contact.report = Report.objects.in_full().get(pk=contact.report_id)
    return contact
