"""Shows a browser one page at a time, with the static files of the portal and axe."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders

from tests.journeys.audit import AXE, faults

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.skeleton import Known
    from tests.journeys.sweep.pages import Seen

AXE_PATH = "/axe.js"
LEFT_OUT = ("Content-Length", "Set-Cookie", "Cache-Control", "Vary")
KEEP = {"Cache-Control": "max-age=3600"}


class Show(ThreadingHTTPServer):
    """The page is at its own address; what its scripts ask for is not there."""

    daemon_threads = True

    def __init__(self, scripts: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.scripts, self.shown = scripts, None
        self.site = f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and content."""
        if self.shown and path == self.shown.path:
            kept = {k: v for k, v in self.shown.headers.items() if k not in LEFT_OUT}
            return 200, kept, self.shown.content
        if path in self.scripts:
            return 200, {**KEEP, "Content-Type": "text/javascript"}, self.scripts[path]
        found = AXE if path == AXE_PATH else static(path)
        if not found:
            return 404, {}, b""
        kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
        return 200, {**KEEP, "Content-Type": kind}, Path(found).read_bytes()


def static(path: str) -> str | None:
    """Where the static file of this address is; None for another address."""
    if not path.startswith(settings.STATIC_URL):
        return None
    return finders.find(path.removeprefix(settings.STATIC_URL))


class Answer(BaseHTTPRequestHandler):
    """Says what Show answers."""

    protocol_version = "HTTP/1.1"
    server: Show

    def do_GET(self) -> None:
        status, headers, content = self.server.answer(self.path.partition("?")[0])
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        """What a browser reports of the policy."""
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def showing(scripts: Mapping[str, bytes]) -> Iterator[Show]:
    """Shows from now on."""
    show = Show(scripts)
    thread = threading.Thread(target=show.serve_forever)
    thread.start()
    try:
        yield show
    finally:
        show.shutdown()
        thread.join()
        show.server_close()


class Window:
    """A browser's window in which each kind of page is looked at once."""

    def __init__(self, page: Page, show: Show, known: Known) -> None:
        self.page, self.show, self.known = page, show, known
        self.heard: list[str] = []
        page.on("pageerror", lambda error: self.heard.append(f"script failed: {error}"))
        page.on("console", lambda message: self._hear(message.text))

    def faults(self, seen: Seen) -> list[str]:
        """What is wrong with the page; nothing where one of its kind was looked at."""
        if not self._is_new(seen):
            return []
        self.heard, self.show.shown = [], seen
        self.page.goto(self.show.site + seen.path)
        if not seen.is_admin:
            self.known.add(self.page.content())  # as a journey comes to it, after its scripts
        found = list(self.heard)  # axe sets style attributes, which the policy reports
        self.page.add_script_tag(url=AXE_PATH)
        return [f"{seen.how}: {fault}" for fault in (*found, *faults(self.page))]

    def _is_new(self, seen: Seen) -> bool:
        html = seen.content.decode()
        return self.known.add_places(html) if seen.is_admin else self.known.add(html)

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.heard.append(text)
