"""The invented Civica over HTTP, and what goes wrong with it."""

from __future__ import annotations

from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from urllib.parse import parse_qs
from xml.etree.ElementTree import tostring

from stockport.demo.civica.documents import Style
from stockport.demo.civica.office import Office

LOGIN_PAGE = b"<!DOCTYPE html><html><body><form>User name <input></form></body></html>"
BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<CtaxSelectDoc>&c;</CtaxSelectDoc>"
)
HUGE = 6 * 1024 * 1024
FAULTS = (
    *("", "login_page", "truncated", "cut_off", "error", "bomb", "huge", "hang"),
    *("missing", "empty", "wrong_size", "not_a_pdf", "wrong_account"),
)
STYLES = ("inverted", "padded", "text_dates")
STATUSES = {"error": 500, "missing": 404, "empty": 204}
CONTROL = "/control"
WELCOME = """An invented Civica OpenRevenues with the demo borough's figures of this moment.
The portal asks it for whoever has signed in lately. What goes wrong now: {fault}.

To break it:  curl -d fault=error {url}control
To mend it:   curl -X POST {url}control
docs/civica.md lists what can go wrong.
"""


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
        self.one_at_a_time = Lock()

    @property
    def url(self) -> str:
        """For CIVICA_URL."""
        return f"http://127.0.0.1:{self.server_port}/"

    def switch(self, fault: str, at: str, styles: list[str]) -> str:
        """Change what goes wrong from now on; what it is now, in words."""
        if fault not in FAULTS or not set(styles) <= set(STYLES):
            return f"fault is one of {', '.join(FAULTS[1:])}; style of {', '.join(STYLES)}."
        self.fault, self.fault_at = fault, at
        self.office.style = replace(Style(), **dict.fromkeys(styles, True))
        wrong = f"{fault} at {at}" if fault else "nothing goes wrong"
        return f"From now on: {', '.join([wrong, *styles])}."


class Handler(BaseHTTPRequestHandler):
    """Answers one document."""

    server: Server

    def do_GET(self) -> None:
        """What this is, for whoever looks at it with a browser."""
        text = WELCOME.format(url=self.server.url, fault=self.server.fault or "none")
        self._write(200, text.encode(), "text/plain; charset=utf-8")

    def do_POST(self) -> None:
        """The document of a form, or another fault from now on."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        sent = parse_qs(body)
        form = {name: values[0] for name, values in sent.items()}
        if self.path == CONTROL:
            at = form.get("at", "ctxsel")
            said = self.server.switch(form.get("fault", ""), at, sent.get("style", []))
            self._write(200, f"{said}\n".encode(), "text/plain")
            return
        self.server.paths.add(self.path)
        fault = self.server.fault if form["docid"] == self.server.fault_at else ""
        if fault == "hang":
            self.server.over.wait(60)
            return
        with self.server.one_at_a_time:
            self._answer(form, fault)

    def _answer(self, form: dict[str, str], fault: str) -> None:
        is_file = form["docid"] == "docdl"
        content = self.server.office.letter(form) if is_file else self._document(form, fault)
        status = STATUSES.get(fault, 200 if content is not None else 404)
        type_ = "application/pdf" if is_file else "text/xml; charset=utf-8"
        changed = _spoilt(content or b"", fault) if status == 200 else b""
        self._write(status, changed, type_, missing=20 if fault == "cut_off" else 0)

    def _document(self, form: dict[str, str], fault: str) -> bytes:
        said = self.server.office.answer(form, slips=fault == "wrong_account")
        answer: bytes = tostring(said, "utf-8", xml_declaration=True)
        return answer

    def _write(self, status: int, content: bytes, type_: str, missing: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) - missing])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def _spoilt(content: bytes, fault: str) -> bytes:
    changed = {
        "login_page": LOGIN_PAGE,
        "truncated": content[:-20],
        "bomb": BOMB,
        "huge": content + b" " * HUGE,
        "wrong_size": content + b"\n",
        "not_a_pdf": b"\xd0\xcf\x11\xe0 a text of Word's",
    }
    return changed.get(fault, content)
