"""What every environment shares; what a council may change is read from the environment."""

import logging
from pathlib import Path

from csp.constants import NONE, SELF

from stockport.operations.logs import logging_settings
from stockport.settings import backends, env
from stockport.settings.accounts import *  # noqa: F403
from stockport.settings.elsewhere import *  # noqa: F403
from stockport.settings.elsewhere import OIDC_ISSUER
from stockport.settings.outbox import *  # noqa: F403
from stockport.settings.schedule import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything that running writes on a machine with no servers: database, broker, mail, photos.
STATE_DIR = Path(env.text("STATE_DIR", str(BASE_DIR)))

# The council -----------------------------------------------------------------------------------
COUNCIL_NAME = env.text("COUNCIL_NAME", "Stockport Council")
SERVICE_NAME = "My Account"
# Never invented: until the council sets its own number, pages say to use the website.
EMERGENCY_PHONE = env.text("EMERGENCY_PHONE", "")
CONTACT_URL = env.text("CONTACT_URL", "https://www.stockport.gov.uk/contact-us")
# Who prints and posts letters with a PIN; without it nobody is offered one.
LETTERS_EMAIL = env.text("LETTERS_EMAIL", "")
SITE_URL = env.text("SITE_URL", "http://localhost:8000")

# Street reports --------------------------------------------------------------------------------
# How long residents can say whether what was fixed is, and when they are asked once more.
REOPEN_DAYS = 28
ASK_AGAIN_DAYS = 7
# How long the link works that confirms a report made without an account.
CONFIRM_HOURS = 48
# How long the e-mail address of somebody without an account is kept once their report has ended.
REPORT_EMAIL_DAYS = env.number("REPORT_EMAIL_DAYS", 365)

# The map ---------------------------------------------------------------------------------------
# Without tiles the map shows lights, grids and the names of streets on plain ground.
MAP_TILES_URL = env.text("MAP_TILES_URL", "")
MAP_TILES_ATTRIBUTION = env.text("MAP_TILES_ATTRIBUTION", "")
# Where it begins: latitude, longitude. The town hall.
MAP_CENTRE = tuple(float(degrees) for degrees in env.words("MAP_CENTRE", "53.4062,-2.1582"))

# Applications ----------------------------------------------------------------------------------
# Adding a council service is one app and one line here; the order is the order on the dashboard.
SERVICES = ["council_tax", "benefits", "appointments", "street_reports"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_structlog",
    "stockport",
    "stockport.operations",
    "stockport.outbox",
    "stockport.feeds",
    "stockport.letters",
    "stockport.demo",
    "accounts",
    *SERVICES,
]

MIDDLEWARE = [
    "stockport.operations.middleware.HealthMiddleware",
    "stockport.operations.middleware.RequestLogMiddleware",
    # Before what answers by itself, static files and wrong host names among them.
    "stockport.operations.middleware.ProtectiveHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stockport.operations.middleware.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "stockport.operations.middleware.NoCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stockport.operations.middleware.NeverStoredMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sessions.SessionLimitsMiddleware",
    "accounts.second_step.staff.StaffSecondStepMiddleware",
    "accounts.looking.LookingMiddleware",
    "accounts.listing.ListingMiddleware",
]

ROOT_URLCONF = "stockport.urls"
WSGI_APPLICATION = "stockport.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stockport.context_processors.portal",
                "accounts.sessions.session_end",
            ],
        },
    },
]

# Time, language, money -------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# Demo ------------------------------------------------------------------------------------------
# The demo borough is loaded only where its residents have a password: never in production.
DEMO_PASSWORD = ""
DEMO_OPEN311_KEY = ""
DEMO_DIR = STATE_DIR / ".demo"
DEMO_BACKOFFICE_URL = env.text("BACKOFFICE_URL", "http://127.0.0.1:8001")
DEMO_BACKOFFICE_KEY = "demo"
DEMO_WEBHOOK_SECRET = "whsec_ZGVtb25zdHJhdGlvbi1vbmx5LW5vdC1hLXNlY3JldA=="  # noqa: S105
DEMO_BACKOFFICE_PACE = env.number("BACKOFFICE_PACE", 20)  # seconds between two steps

# Benefits --------------------------------------------------------------------------------------
# Within how many days the council's scheme wants papers for Council Tax Support, where an extract
# gives no date; 0 for one month, as for Housing Benefit.
CTS_EVIDENCE_DAYS = env.number("CTS_EVIDENCE_DAYS", 0)
# The folder with Pay.UK's valacdos.txt and scsubtab.txt; empty: bank accounts are not checked.
MODULUS_TABLES = env.text("MODULUS_TABLES", "")

# Metrics ---------------------------------------------------------------------------------------
# Who asks for /metrics names this; without it there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
METRICS = ["stockport.feeds.gauges.gauges"]

# Extracts --------------------------------------------------------------------------------------
FEEDS = ["accounts", *SERVICES]
# The largest share, in percent, of the rows in use that one full extract may remove.
FEED_MAX_REMOVAL = env.number("FEED_MAX_REMOVAL", 10)
# The largest share, in percent, of its accounts (or claims) that one extract may put in quarantine.
FEED_MAX_QUARANTINE = env.number("FEED_MAX_QUARANTINE", 10)
# Civica OpenRevenues, asked for one person at a time; without an address nothing is asked.
CIVICA_URL = env.text("CIVICA_URL", "")
CIVICA_USER = env.text("CIVICA_USER", "")
CIVICA_PASSWORD = env.text("CIVICA_PASSWORD", "")
# The source of the nightly extract whose figures it brings up to date.
CIVICA_SOURCE = env.text("CIVICA_SOURCE", "revenues")
# How old the figures of somebody who signed in may become before Civica is asked.
CIVICA_REFRESH_HOURS = env.number("CIVICA_REFRESH_HOURS", 4)

# Files -----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(STATE_DIR / ".media")))
# ClamAV's daemon as host:port, which looks through what residents upload; empty for no scanner.
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "stockport.static_storage.PortalStaticStorage"},
}

# Broker and cache: Redis where it is set, otherwise files and the database ------------------------
REDIS_URL = env.text("REDIS_URL", "")
CACHES = {
    "default": backends.cache(REDIS_URL),
    # What each web process counts for itself, at no cost: who asks for very many pages.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}
# A library's visitors share an address, and nobody reads four pages of times a second.
APPOINTMENT_PAGES_A_MINUTE = 240
CELERY_BROKER_URL = REDIS_URL or "files://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = backends.broker_options(REDIS_URL, STATE_DIR / ".broker")

# Security --------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *env.origins(MAP_TILES_URL)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The button to sign in elsewhere sends a form here, which leads there.
        "form-action": [SELF, *env.origins(OIDC_ISSUER)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        # Browsers that know Reporting-Endpoints (operations/middleware.py) go by the second.
        "report-uri": "/policy-report/",
        "report-to": "policy",
    }
}
# How many reports of what the policy stopped each process reads in a minute, from everybody.
POLICY_REPORTS_A_MINUTE = 60
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# How many proxies stand before the portal: only then is X-Forwarded-For believed, that far.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)

# Logs ------------------------------------------------------------------------------------------
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = TRUSTED_PROXY_COUNT > 0
DJANGO_STRUCTLOG_USER_ID_FIELD = "public_id"
DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING_CONFIG = "stockport.operations.logs.configure"
LOGGING = logging_settings(json=False)

# Mail ------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "My Account <no-reply@localhost>")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
# Whether /dev/mail shows what was sent: development only.
DEV_MAIL = False
# Whether /dev/components shows every component and state: development only.
COMPONENT_GALLERY = False

# Work in the background ------------------------------------------------------------------------
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Workers mostly wait for other systems. Each call ends by its own limits, and there are more
# threads than one destination may have calls under way: one that hangs leaves room for the others.
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = env.number("WORKER_THREADS", 16)
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
