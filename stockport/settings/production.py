"""A real council: nothing is assumed; what is missing is named all at once."""

from stockport.operations.logs import logging_settings
from stockport.settings import backends, env
from stockport.settings.base import *  # noqa: F403
from stockport.settings.base import STATE_DIR, TRUSTED_PROXY_COUNT

env.require(
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_HOST",
)

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.words("FIELD_KEYS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

DATABASES = {"default": backends.database(env.text("DATABASE_URL", ""), STATE_DIR)}

# HTTPS only ------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The __Host- prefix ties a cookie to this host, HTTPS and the whole path.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
MFA_TRUST_COOKIE_NAME = "__Host-trusted"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known"
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True

LOGGING = logging_settings(json=True)
