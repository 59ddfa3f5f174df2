"""Every environment starts with what it needs and refuses without it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "stockport.settings.production",
    "SECRET_KEY": "kept-out-of-the-repository-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FIELD_KEYS": "a2VwdC1vdXQtb2YtdGhlLXJlcG9zaXRvcnktMDEyMzQ=",
    "DATABASE_URL": "postgresql://portal@db.internal/portal",
    "REDIS_URL": "redis://redis.internal:6379/0",
    "ALLOWED_HOSTS": "myaccount.example.org",
    "SITE_URL": "https://myaccount.example.org",
    "DEFAULT_FROM_EMAIL": "My Account <no-reply@example.org>",
    "EMAIL_HOST": "mail.internal",
    # Not required; the check of the deployment warns without it.
    "DUTY_EMAILS": "duty@example.org",
}
REQUIRED = sorted(set(PRODUCTION) - {"DJANGO_SETTINGS_MODULE", "DUTY_EMAILS"})


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` with this environment and nothing else set."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_every_deployment_check() -> None:
    result = check(**PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_cookies_of_production_are_for_this_host_over_https_and_not_for_scripts() -> None:
    shown = "; ".join(
        f"print(s.{name})"
        for name in (
            *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "MFA_TRUST_COOKIE_NAME"),
            *("KNOWN_BROWSER_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"),
            *("SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE"),
        )
    )
    program = f"import django; django.setup(); from django.conf import settings as s; {shown}"
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert all(name.startswith("__Host-") for name in said[:4])
    assert said[4:] == ["True", "True", "True", "Lax"]


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(name: str) -> None:
    result = check(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert result.returncode != 0
    assert re.search(rf"Set these environment variables: {name}\.", result.stderr)


def test_production_names_all_missing_variables_at_once() -> None:
    result = check(DJANGO_SETTINGS_MODULE=PRODUCTION["DJANGO_SETTINGS_MODULE"])
    assert all(name in result.stderr for name in REQUIRED)


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(PRODUCTION["SECRET_KEY"] + "\n")
    environment = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}
    assert check(**environment, SECRET_KEY_FILE=str(secret)).returncode == 0


def test_number_that_is_none_is_named() -> None:
    result = check(**PRODUCTION, EMAIL_PORT="twenty-five")
    assert "EMAIL_PORT must be a whole number" in result.stderr
