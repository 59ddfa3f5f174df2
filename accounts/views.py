"""The account page, and what a resident may do with the data held about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import views as allauth
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import audit, privacy
from accounts.devices import devices as devices_of
from accounts.devices import sign_out_elsewhere
from accounts.forms import CloseAccountForm
from accounts.http import resident_of
from accounts.linking.views import requests_of
from accounts.models import AuditEvent, PersonLink
from accounts.sessions import SEEN, ends_at
from accounts.ways_in import connected, sign_in_rows
from stockport.readonly import readonly
from stockport.reauthentication import password_again

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

KEPT = "accounts_kept"
EVENTS_PER_PAGE = 20

change_email = password_again(allauth.email)
email_code = allauth.email_verification_sent
change_password = allauth.password_change


@login_not_required
@readonly
def reset_done(request: HttpRequest) -> HttpResponseBase:
    """After a reset: to sign in, where a banner says that the password has been changed."""
    return redirect("account_login")


@readonly
def looked(request: HttpRequest) -> HttpResponseBase:
    """What was done with the account, and which staff opened its records, newest first."""
    events = AuditEvent.objects.about_resident(resident_of(request)).order_by("-at", "-pk")
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "contact_url": settings.CONTACT_URL}
    return render(request, "accounts/looked.html", context)


@readonly
def index(request: HttpRequest) -> HttpResponseBase:
    """What the resident signs in with, and whom the council knows them as."""
    resident = resident_of(request)
    links = PersonLink.objects.for_resident(resident).active().select_related("person")
    elsewhere = connected(resident)
    context = {
        "rows": sign_in_rows(resident, elsewhere),
        "is_connected": elsewhere,
        "links": links.order_by("linked_at", "pk"),
        "link_requests": requests_of(request),
    }
    return render(request, "accounts/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponseBase:
    """Where the resident is signed in; a button signs out everywhere else."""
    resident, current = resident_of(request), request.session.session_key or ""
    if request.method == "POST":
        sign_out_elsewhere(resident=resident, current=current)
        messages.success(request, "You are signed out everywhere else.")
        return redirect("accounts:devices")
    return render(request, "accounts/devices.html", {"devices": devices_of(resident, current)})


@password_again
@readonly
def data(request: HttpRequest) -> HttpResponseBase:
    """What the download has in it."""
    return render(request, "accounts/data.html")


@password_again
@readonly
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything held about the resident, as one JSON file. That it was made is put on record."""
    day, resident = timezone.localdate().isoformat(), resident_of(request)
    everything = privacy.export(resident)
    audit.record("exported", resident=resident, actor=resident)
    return JsonResponse(
        everything,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="my-account-{day}.json"'},
    )


@password_again
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponseBase:
    """Say what closing the account means; with a tick, do it."""
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/close.html", {"form": form})
    kept = privacy.close_account(resident=resident_of(request))
    logout(request)
    request.session[KEPT] = [privacy.sentence(entry) for entry in kept]
    return redirect("accounts:closed")


@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest) -> HttpResponseBase:
    """More time, asked for by the warning: how many seconds there are now."""
    if request.method != "POST":
        return redirect("home:dashboard")
    now = timezone.now().timestamp()
    request.session[SEEN] = now
    ends = ends_at(request.session, now, staff=resident_of(request).is_staff)
    return JsonResponse({"seconds": int(ends - now)})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest) -> HttpResponseBase:
    """Sign out and have a browser that others use forget what it can; then a page that says so."""
    if request.method != "POST":
        return render(request, "accounts/done.html")
    logout(request)
    answer = redirect("accounts:done")
    # Not "cookies", which would go for the council's other websites too: ours are named.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    for name in (settings.KNOWN_BROWSER_COOKIE_NAME, settings.MFA_TRUST_COOKIE_NAME):
        answer.delete_cookie(name)
    return answer


@login_not_required
@readonly
def closed(request: HttpRequest) -> HttpResponseBase:
    """That the account is closed, and what the council has to keep."""
    if KEPT not in request.session:
        return redirect("home:start")
    return render(request, "accounts/closed.html", {"kept": request.session[KEPT]})
