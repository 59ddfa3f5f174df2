"""Signing in elsewhere: one OpenID Connect provider, such as GOV.UK One Login; none by default.

docs/adr/0034-sign-in-elsewhere.md says what is believed of it, and what not.
"""

from urllib.parse import urlsplit

from stockport.settings import env

# The issuer: its /.well-known/openid-configuration says the rest. Without it there is no button.
OIDC_ISSUER = env.text("OIDC_ISSUER", "")
OIDC_NAME = env.text("OIDC_NAME", "GOV.UK One Login")
# Part of who somebody is: with another issuer the same number is another person.
OIDC_PROVIDER_ID = (urlsplit(OIDC_ISSUER).hostname or "none").replace(".", "-")

SOCIALACCOUNT_ADAPTER = "accounts.elsewhere.Adapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "email"],
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER_ID,
                "name": OIDC_NAME,
                "client_id": env.text("OIDC_CLIENT_ID", ""),
                "secret": env.text("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER, "token_auth_method": "client_secret_post"},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
