"""Signing in with an account elsewhere (OpenID Connect): whom we believe, and where it leads.

Somebody is who the issuer says by its own number for them, never by an e-mail address (OWASP ASVS
5.0, 10.5.2): an address that both use would otherwise open an account here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.utils import get_request_param
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods
from requests import RequestException

from accounts.http import resident_of
from accounts.id_token import CheckedTokens, is_ours
from accounts.models import Resident
from accounts.ways_in import connected, disconnect
from stockport.http import StrictSession
from stockport.reauthentication import to_sign_in_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

LARGEST_ANSWER = 256 * 1024  # bytes; a provider's largest, with its keys, is a few thousand
FAILED = "We could not sign you in with {name}. Try again, or sign in here"
KNOWN = (
    "You have an account here with this e-mail address. Sign in with it here first, then connect "
    "{name} on the page “Your account”"
)
CONNECTED = "{name} is connected already. Disconnect it before you connect another account there"
NO_EMAIL = "{name} did not tell us an e-mail address that it has checked. Create an account here"


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """allauth's choices about accounts elsewhere."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Nobody gets in by a token that is not for them, nor gets an account by an address."""
        if not is_ours(sociallogin):
            raise _back(request, FAILED)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            # Asked again: since it began, another tab may have connected one, or time has passed.
            if refused := _instead_of_connecting(request):
                raise ImmediateHttpResponse(refused)
            return
        if sociallogin.is_existing:
            return
        checked = [each.email for each in sociallogin.email_addresses if each.verified]
        if not checked:
            raise _back(request, NO_EMAIL)
        known = Resident.objects.filter(email__iexact=checked[0])
        if known.exists() or EmailAddress.objects.filter(email__iexact=checked[0]).exists():
            raise _back(request, KNOWN)

    def on_authentication_error(self, request: HttpRequest, *_: Any, **__: Any) -> None:
        """Whatever went wrong there, residents can sign in here."""
        raise _back(request, FAILED)

    def get_requests_session(self) -> StrictSession:
        """What the provider is called with: it is believed about people, not about our memory."""
        seconds = settings.SOCIALACCOUNT_REQUESTS_TIMEOUT
        return StrictSession(seconds=seconds, largest=LARGEST_ANSWER)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: object) -> str:
        """Where what somebody signs in with is listed."""
        return reverse("accounts:index")


def _back(request: HttpRequest, words: str) -> ImmediateHttpResponse:
    messages.error(request, words.format(name=settings.OIDC_NAME))
    return ImmediateHttpResponse(redirect("account_login"))


def _instead_of_connecting(request: HttpRequest) -> HttpResponse | None:
    """Where to, instead, who has connected it or signed in too long ago; None for who may.

    The account page lists one connection, and ends one. Who has a password, a passkey or an app is
    asked for it by allauth, on the way back.
    """
    if not request.user.is_authenticated:
        return None
    account = reverse("accounts:index")
    if connected(resident_of(request)):
        messages.error(request, CONNECTED.format(name=settings.OIDC_NAME))
        return redirect(account)
    return to_sign_in_again(request, back_to=account)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponseBase:
    """On to the other place; by a button, so that no link of somebody else's begins it."""
    if request.method != "POST":
        return redirect("account_login")
    connects = get_request_param(request, "process") == AuthProcess.CONNECT
    if connects and (refused := _instead_of_connecting(request)):
        return refused
    way = CheckedTokens(request, settings.OIDC_PROVIDER_ID)
    # Who is signed in here proves that it is them: that they are signed in there proves nothing.
    return _unless_down(request, partial(way.go, afresh=request.user.is_authenticated))


@login_not_required
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from there, with a code or an error."""
    view = OAuth2CallbackView.adapter_view(CheckedTokens(request, provider_id))
    try:
        return _unless_down(request, view)
    except IntegrityError:  # another tab has connected an account while this one was looking
        if refused := _instead_of_connecting(request):
            return refused
        raise


def _unless_down(
    request: HttpRequest, view: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    """allauth lets through that the provider does not say where its pages are."""
    try:
        return view(request)
    except RequestException:
        answer: HttpResponseBase = _back(request, FAILED).response
        return answer
    except SocialApp.DoesNotExist as unknown:
        raise Http404 from unknown


def routes() -> list[URLPattern]:
    """Where a provider is set, and nowhere else."""
    if not settings.OIDC_ISSUER:
        return []
    return [
        path("sign-in/elsewhere/", begin, name="sign_in_elsewhere"),
        path("elsewhere/", disconnect, name="disconnect"),
        path("sign-in/back/<slug:provider_id>/", back, name="openid_connect_callback"),
    ]
