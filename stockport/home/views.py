"""The start page and the dashboard: views over the service contract."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stockport.home.dashboard import cards, upcoming
from stockport.home.money import AHEAD, money_page
from stockport.readonly import readonly


@login_not_required
@readonly
def start(request: HttpRequest) -> HttpResponse:
    """What the portal is, before signing in; the dashboard for those who are signed in."""
    if request.user.is_authenticated:
        return redirect("home:dashboard")
    return render(request, "home/start.html")


@readonly
def dashboard(request: HttpRequest) -> HttpResponse:
    """A card from each service, and what is next across all of them in date order."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return render(
        request,
        "home/dashboard.html",
        {
            "cards": cards(request.user),
            "upcoming": upcoming(request.user, timezone.localdate()),
        },
    )


@readonly
def money(request: HttpRequest) -> HttpResponse:
    """What is owed, given and taken back across all services, and what moves next."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    today = timezone.localdate()
    context = {"money": money_page(request.user, today), "until": today + AHEAD}
    return render(request, "home/money.html", context)


@login_not_required
@readonly
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the portal is, what was tested, and how to tell the council of a problem."""
    return render(request, "home/accessibility.html")


@login_not_required
@readonly
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal holds about a resident, why, and for how long."""
    kept = {"confirm_hours": settings.CONFIRM_HOURS, "email_days": settings.REPORT_EMAIL_DAYS}
    return render(request, "home/privacy.html", kept)


@login_not_required
@readonly
def cookies(request: HttpRequest) -> HttpResponse:
    """The cookies that the portal sets: only those it cannot work without."""
    head = ["Name", "What it is for", "When it goes"]
    rows = [
        [
            settings.SESSION_COOKIE_NAME,
            "Keeps you signed in, and what you fill in until it is sent",
            "When you sign out or close the browser",
        ],
        [
            settings.MFA_TRUST_COOKIE_NAME,
            "Remembers, if you ask for it, that this device needs no code to sign in",
            "After 30 days",
        ],
        [
            settings.KNOWN_BROWSER_COOKIE_NAME,
            "Remembers that you have signed in here before, so that we write to you only about a "
            "new browser",
            "A year after you last signed in",
        ],
        [settings.CSRF_COOKIE_NAME, "Makes sure that a form was sent by you", "After a year"],
    ]
    return render(request, "home/cookies.html", {"cookies_head": head, "cookies_rows": rows})
