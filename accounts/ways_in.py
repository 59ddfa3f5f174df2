"""What a resident signs in with: the rows of the account page, a first password, disconnecting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import views as allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.internal.flows.connect import disconnect as end
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from stockport.components import Action, SummaryRow
from stockport.readonly import readonly
from stockport.reauthentication import password_again

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from accounts.models import Resident

set_password = require_http_methods(["GET", "HEAD", "POST"])(password_again(allauth.password_set))


def connected(resident: Resident) -> SocialAccount | None:
    """The resident's account with the provider that is set now; None where they have none."""
    theirs = SocialAccount.objects.filter(user=resident, provider=settings.OIDC_PROVIDER_ID)
    return theirs.first() if settings.OIDC_ISSUER else None


def has_another_way_in(resident: Resident) -> bool:
    """Whether they could still sign in without the provider, and without their e-mail at hand."""
    passkeys = Authenticator.objects.filter(user=resident, type=Authenticator.Type.WEBAUTHN)
    return resident.has_usable_password() or passkeys.exists()


def sign_in_rows(resident: Resident, elsewhere: SocialAccount | None) -> list[SummaryRow]:
    """What the resident signs in with, and where to change it."""
    email = Action("Change", reverse("account_email"), "e-mail address")
    passkeys = Action("Change", reverse("mfa_list_webauthn"), "passkeys")
    second = Action("Change", reverse("mfa_index"), "second step")
    rows = [
        SummaryRow("E-mail address", resident.email, (email,)),
        _password(resident),
        SummaryRow("Second step", "On" if is_mfa_enabled(resident) else "Off", (second,)),
        SummaryRow("Passkeys", "Sign in without a password", (passkeys,)),
    ]
    if elsewhere:
        end = Action("Disconnect", reverse("disconnect"), settings.OIDC_NAME)
        rows.append(SummaryRow(settings.OIDC_NAME, "Connected", (end,)))
    return rows


def _password(resident: Resident) -> SummaryRow:
    if resident.has_usable_password():
        change = Action("Change", reverse("account_change_password"), "password")
        return SummaryRow("Password", "Set, and never shown", (change,))
    choose = Action("Set", reverse("account_set_password"), "password")
    return SummaryRow("Password", "Not set", (choose,))


@readonly
def again(request: HttpRequest) -> HttpResponseBase:
    """How somebody without a password or a second step here shows that it is them."""
    return render(request, "accounts/again.html", {"next": request.GET.get("next", "")})


@password_again
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: HttpRequest) -> HttpResponseBase:
    """End signing in with the provider, for who has another way in; allauth writes to them."""
    resident = resident_of(request)
    account = connected(resident)
    if not account:
        return redirect("accounts:index")
    may = has_another_way_in(resident)
    if not may or request.method != "POST":
        context = {"may": may, "since": account.date_joined}
        return render(request, "accounts/disconnect.html", context)
    end(request, account)
    return redirect("accounts:index")
