"""Pages that were fetched once, shown to a browser as often as it likes.

In whatever state the browser is (zoomed, printing, forced colours) it sees them as they came, with
their headers, styles and scripts. What scripts ask for is not there.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles import finders

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GALLERY = "/dev/components/"  # every component in every state
PATIENCE = 10.0  # seconds


class Shown(ThreadingHTTPServer):
    """Answers by address, and the portal's static files."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.site = f"http://127.0.0.1:{self.server_port}"
        self.modules = threading.Event()  # cleared: they come late
        self.modules.set()
        self.added: dict[str, str] = {}  # to static files, by a negative control

    @property
    def pages(self) -> list[str]:
        """The addresses of what is a page."""
        kinds = {path: answer["Content-Type"] for path, answer in self.answers.items()}
        return [path for path, kind in kinds.items() if kind.startswith("text/html")]

    def break_styles(self, rule: str) -> None:
        """A rule that a negative control adds to every page; browsers ask for the sheet anew."""
        self.added["brand.css"] = rule

    def answer(self, path: str) -> tuple[bytes, dict[str, str]] | None:
        """Content and headers."""
        if not path.startswith(settings.STATIC_URL):
            known = self.answers.get(path)
            return known and (known.content, dict(known.headers.items()))
        name = path.removeprefix(settings.STATIC_URL)
        file = finders.find(name)
        return file and self.static(name, Path(file))

    def static(self, name: str, file: Path) -> tuple[bytes, dict[str, str]]:
        """A file of ours; a module comes anew each time, and when it may."""
        module = file.suffix == ".js" and name != "enabled.js"
        if module:
            self.modules.wait(PATIENCE)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        keep = "max-age=3600" if name.startswith("build/") and not module else "no-store"
        content = file.read_bytes() + self.added.get(name, "").encode()
        return content, {"Content-Type": kind, "Cache-Control": keep}


class Handler(BaseHTTPRequestHandler):
    """Says what `Shown` answers."""

    protocol_version = "HTTP/1.1"
    server: Shown

    def do_GET(self) -> None:
        content, headers = self.server.answer(self.path.partition("?")[0]) or (b"", {})
        self.send_response(200 if headers else 404)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def showing(answers: dict[str, Any]) -> Iterator[Shown]:
    """Shows them from now on."""
    shown = Shown(answers)
    thread = threading.Thread(target=shown.serve_forever, args=[0.05])
    thread.start()
    try:
        yield shown
    finally:
        shown.shutdown()
        thread.join()
        shown.server_close()


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[Page]:
    """A browser's window with these settings."""
    with browser.new_context(locale="en-GB", timezone_id="Europe/London", **options) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


def show_map(page: Page, shown: Shown) -> None:
    """Open the page with the map, and wait for the lights on it."""
    [path] = [path for path in shown.pages if path.endswith("/map/")]
    page.goto(shown.site + path)
    page.locator(".portal-map__asset").first.wait_for()
