"""What browsers load: immutable names all the way, nothing that is reserved for GOV.UK."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

BUILD = Path(settings.BASE_DIR) / "static" / "build"


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
