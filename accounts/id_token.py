"""Whether it is the provider who says who somebody is: the signature and nonce of its ID token.

allauth sends no nonce and checks no signature of a token that came over TLS, as OpenID Connect
Core 1.0, 3.1.3.7 (6) allows. GOV.UK One Login asks for both (docs/adr/0036).
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.utils.crypto import constant_time_compare

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp, SocialLogin
    from django.http import HttpRequest, HttpResponseBase

# With a key pair: what a provider publishes can then sign nothing.
SIGNED_WITH = ["ES256", "PS256", "RS256"]
NEEDED = ["aud", "exp", "iat", "iss", "sub"]
CLOCKS_DIFFER = 30  # seconds
# Some providers know the one, some the other; `auth_time` has to be told for either (3.1.2.1).
AFRESH = {"prompt": "login", "max_age": "0"}


class CheckedTokens(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's way to the provider and back, with our nonce there and the signature checked."""

    def go(self, request: HttpRequest, *, afresh: bool) -> HttpResponseBase:
        """On to the provider; `afresh`: to sign in there again, and to tell us when that was."""
        provider, nonce = self.get_provider(), secrets.token_urlsafe()
        how = provider.get_redirect_from_request_kwargs(request)
        params = {"nonce": nonce} | (AFRESH if afresh else {})
        how |= {"scope": provider.get_scope(), "auth_params": params}
        since = int(time.time()) if afresh else 0
        answer: HttpResponseBase = provider.redirect(request, nonce=nonce, since=since, **how)
        return answer

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Its claims. OAuth2Error where it is not signed by the provider, for us, and in time."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        try:
            kid = jwt.get_unverified_header(id_token)["kid"]
            return jwt.decode(
                id_token,
                jwt.PyJWKSet.from_dict(answer.json())[kid],
                algorithms=SIGNED_WITH,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER,
                options={"require": NEEDED},
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise OAuth2Error("The ID token is not to be believed.") from error


def is_ours(login: SocialLogin) -> bool:
    """Whether its token answers what this browser asked, about whom the provider tells more."""
    token = login.account.extra_data.get("id_token", {})
    asked = constant_time_compare(token.get("nonce", ""), login.state["nonce"])
    return asked and str(token["sub"]) == login.account.uid and _is_afresh(token, login.state)


def _is_afresh(token: dict[str, Any], state: dict[str, Any]) -> bool:
    """Whether they signed in there since we asked them to, where we did (3.1.3.7, 13)."""
    if not state["since"]:
        return True
    at = token.get("auth_time")
    return isinstance(at, int) and at >= state["since"] - CLOCKS_DIFFER
