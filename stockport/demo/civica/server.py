"""The invented Civica over HTTP, and what goes wrong with it."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from urllib.parse import parse_qs
from xml.etree.ElementTree import tostring

from stockport.demo.civica.office import Office

LOGIN_PAGE = b"<!DOCTYPE html><html><body><form>User name <input></form></body></html>"
BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<CtaxSelectDoc>&c;</CtaxSelectDoc>"
)
HUGE = 6 * 1024 * 1024
FAULTS = ("", "login_page", "truncated", "error", "bomb", "huge", "hang")


class Server(ThreadingHTTPServer):
    """Serves one office. From `fault_at` on, documents fail as `fault` (one of FAULTS) says."""

    daemon_threads = True

    def __init__(self, port: int, office: Office) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.office = office
        self.fault = ""
        self.fault_at = "ctxsel"
        self.paths: set[str] = set()
        self.over = Event()

    @property
    def url(self) -> str:
        """For CIVICA_URL."""
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """Answers one document."""

    server: Server

    def do_POST(self) -> None:
        """The document of a form."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.paths.add(self.path)
        fault = self.server.fault if form["docid"] == self.server.fault_at else ""
        if fault == "hang":
            self.server.over.wait(60)
            return
        self._write(500 if fault == "error" else 200, self._content(form, fault))

    def _content(self, form: dict[str, str], fault: str) -> bytes:
        written: bytes = tostring(self.server.office.answer(form), "utf-8", xml_declaration=True)
        changed = {
            "login_page": LOGIN_PAGE,
            "truncated": written[:-20],
            "bomb": BOMB,
            "huge": written + b" " * HUGE,
        }
        return changed.get(fault, written)

    def _write(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
