"""The test suite: development settings, fast hashing, nothing that leaves the process."""

import os

from stockport.settings import backends
from stockport.settings.development import *  # noqa: F403
from stockport.settings.development import CACHES, DATABASES, REDIS_URL, STATE_DIR

DEBUG = False
MFA_TOTP_INSECURE_BYPASS_CODE = ""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
# A database without statistics takes small queries for large ones and compiles them first: a
# dashboard takes three seconds longer. Nor is anything here worth a wait for the disk.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c jit=off -c synchronous_commit=off"

# Neither a message nor a cached count of one test reaches another, or a site that runs here.
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")
CELERY_BROKER_TRANSPORT_OPTIONS = backends.broker_options(
    REDIS_URL, STATE_DIR / ".run" / "tests" / PROCESS / "broker", prefix=f"test-{PROCESS}:"
)
CACHES = {name: {**each, "KEY_FUNCTION": "tests.cache.key"} for name, each in CACHES.items()}
LETTERS_EMAIL = "print-room@example.org"
