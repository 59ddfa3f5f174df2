"""What a page weighs on its way: compressed, with headers and all that it loads but the map.

Static files are as in production, where HTTPS lets every browser take Brotli. They are kept for
good under names that never change their content, so that later pages load only what is new.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Resident
from stockport.services import services
from tests.client import PortalClient
from tests.estate import Estate, verified_sign_in

FIRST, LATER = 60_000, 15_000  # bytes
HEADERS = 400  # bytes, of the answer with a static file
MAP = re.compile(r"/(leaflet|map)\.[0-9a-f]{12}\.(js|css)$")
LOADED = re.compile(r'<(?:link|script|img)\b[^>]* (?:href|src)="([^"]+)"')
NAMED = re.compile(rb"""from ?"(\.[^"]+)"|url\("?(?!data:)([^)"]+)""")


class Browser:
    """Opens pages, and keeps every static file that it was ever given."""

    def __init__(self, portal: PortalClient, folder: Path) -> None:
        self.client, self.folder = Client(headers={"accept-encoding": "gzip, br"}), folder
        self.client.cookies = portal.cookies
        self.kept: set[str] = set()

    def weight(self, path: str) -> int:
        """Bytes that come; none where the address leads elsewhere or to a file."""
        answer = self.client.get(path)
        if answer.streaming:
            b"".join(answer)
            return 0
        if not answer.headers["Content-Type"].startswith("text/html") or not answer.content:
            return 0
        assert answer.headers["Content-Encoding"] == "gzip", path
        files = LOADED.findall(gzip.decompress(answer.content).decode())
        return received(answer) + sum(map(self._load, files))

    def _load(self, url: str) -> int:
        """Bytes of a static file, and of what it names, unless it is kept or of the map."""
        if url in self.kept or MAP.search(url) or not url.startswith(settings.STATIC_URL):
            return 0
        self.kept.add(url)
        file = self.folder / url.removeprefix(settings.STATIC_URL)
        named = ["".join(map(bytes.decode, found)) for found in NAMED.findall(file.read_bytes())]
        more = sum(self._load(normpath(join(dirname(url), name))) for name in named)
        packed = file.with_name(file.name + ".br")
        return HEADERS + (packed if packed.exists() else file).stat().st_size + more


def received(answer: Any) -> int:
    """Bytes of an answer: its headers and its content."""
    return len(answer.content) + sum(len(f"{k}: {v}\r\n") for k, v in answer.headers.items())


@pytest.fixture
def estate(resident: Resident, collected: Path, settings: Settings, tmp_path: Path) -> Estate:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Estate(resident)


def test_first_visit_is_light(estate: Estate, portal: PortalClient, collected: Path) -> None:
    weights = {p: Browser(portal, collected).weight(p) for p in ("/", reverse("account_login"))}
    verified_sign_in(portal, estate.resident)
    inside = [reverse("home:dashboard"), *(reverse(each.url_name) for each in services())]
    weights |= {path: Browser(portal, collected).weight(path) for path in inside}
    assert {path: weight for path, weight in weights.items() if weight > FIRST} == {}
    assert min(weights.values()) > 20_000, "styles and scripts count"


def test_later_pages_are_light(estate: Estate, portal: PortalClient, collected: Path) -> None:
    """Every page of the portal, after the first."""
    browser = Browser(portal, collected)
    browser.weight("/")
    verified_sign_in(portal, estate.resident)
    weights = {page.name: browser.weight(str(page)) for page in estate.routes}
    assert {name: weight for name, weight in weights.items() if weight > LATER} == {}
    assert len([weight for weight in weights.values() if weight]) > 60


def test_photo_is_sent_as_it_is(estate: Estate, portal: PortalClient) -> None:
    portal.sign_in(estate.resident)
    [photo] = [page for page in estate.owned if page.name == "street_reports:photo"]
    answer = portal.get(str(photo), headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert b"".join(answer)


def test_length_of_a_page_does_not_tell_what_is_in_it(portal: PortalClient) -> None:
    """Django adds random bytes to what it compresses, against BREACH."""
    client = Client(headers={"accept-encoding": "gzip"})
    assert len({len(client.get("/cookies/").content) for _ in range(8)}) > 1
