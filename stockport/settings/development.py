"""A developer's machine: everything works with no environment variable set."""

from stockport.settings import backends, env
from stockport.settings.base import *  # noqa: F403
from stockport.settings.base import STATE_DIR

DEBUG = True
SECRET_KEY = "development-only-not-a-secret"  # noqa: S105
FIELD_KEYS = ["ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQtMDA="]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

DATABASES = {"default": backends.database(env.text("DATABASE_URL", ""), STATE_DIR / ".postgres")}

# The worker writes e-mails to files, and /dev/mail shows them.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = STATE_DIR / ".mail"
DEV_MAIL = True
COMPONENT_GALLERY = True

DEMO_PASSWORD = "stockport-demo"  # noqa: S105
DEMO_OPEN311_KEY = "demo.my-account"
# Instead of a code from an app; allauth refuses it where DEBUG is off.
MFA_TOTP_INSECURE_BYPASS_CODE = "000000"
# Passkeys over plain HTTP, which browsers allow for localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
LETTERS_EMAIL = "print-room@example.org"
