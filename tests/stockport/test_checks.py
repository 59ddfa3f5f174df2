"""System checks say what to run."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from stockport.services import services

BUILT = ("build/portal.css", "build/govuk-frontend.min.js")


def test_check_says_what_to_run_where_styles_are_not_built(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    [warning] = [message for message in run_checks() if message.id == "stockport.W001"]
    assert "npm run build" in str(warning.hint)


def test_check_is_silent_where_they_are(settings: Settings, tmp_path: Path) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    for name in BUILT:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert not [message for message in run_checks() if message.id == "stockport.W001"]


def test_check_names_a_service_that_does_not_say_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nameless = next(iter(services()))
    monkeypatch.setattr(type(nameless), "title", " ")
    [error] = [message for message in run_checks() if message.id == "stockport.E001"]
    assert "has no title" in error.msg


@pytest.mark.parametrize(("seconds", "errors"), [(60, 0), (50, 1), (2, 1)])
def test_check_refuses_leases_that_a_call_could_outlast(
    settings: Settings, seconds: int, errors: int
) -> None:
    settings.OUTBOX_LEASE_SECONDS = seconds
    messages = run_checks(include_deployment_checks=True)
    assert len([message for message in messages if message.id == "stockport.E002"]) == errors
