"""What tests of the platform share."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where static files are collected once."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture
def collected(settings: Settings, static_root: Path) -> Path:
    """Our own static files, collected and compressed as for production."""
    settings.STATIC_ROOT = static_root
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    storage = {"BACKEND": "stockport.static_storage.PortalStaticStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    if not any(static_root.iterdir()):
        call_command("collectstatic", "--noinput", verbosity=0)
    return static_root
