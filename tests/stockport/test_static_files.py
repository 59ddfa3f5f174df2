"""What browsers load: immutable names all the way, nothing that is reserved for GOV.UK."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings

BUILD = Path(settings.BASE_DIR) / "static" / "build"


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    """Our own static files, collected as for production."""
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    storage = {"BACKEND": "stockport.static_storage.PortalStaticStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    call_command("collectstatic", "--noinput", verbosity=0)
    return tmp_path


def test_scripts_import_each_other_under_immutable_names(collected: Path) -> None:
    [script] = collected.glob("portal.*.js")
    [imported] = re.findall(r'from "\./(.+?)"', script.read_text(encoding="utf-8"))
    assert re.fullmatch(r"build/govuk-frontend\.min\.[0-9a-f]{12}\.js", imported)
    assert (collected / imported).exists()


def test_style_holds_no_crown_crest_or_reserved_font() -> None:
    css = (BUILD / "portal.css").read_text(encoding="utf-8")
    assert "govuk-service-navigation" in css
    for reserved in ("GDS Transport", "crest", "crown.svg", "@font-face", "url("):
        assert reserved not in css
