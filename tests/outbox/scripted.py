"""A system on a real port that answers every call as a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

ACCEPTED = (
    "<service_requests><request><service_request_id>{number}</service_request_id>"
    "</request></service_requests>"
)


@dataclass(frozen=True)
class Says:
    """One answer; without a body it accepts the report, under a number of its own."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class System:
    """Where it is, and what it was asked: (method, our reference) in order."""

    url: str
    calls: list[tuple[str, str]] = field(default_factory=list)

    def accepted(self, reference: str) -> bytes:
        """That it has the report: a number for each reference, and always the same one."""
        known = list(dict.fromkeys(called for _, called in self.calls))
        return ACCEPTED.format(number=7 + known.index(reference)).encode()


@contextmanager
def answering(answer: Callable[[str, str], Says]) -> Iterator[System]:
    """A system that answers what `answer` makes of the method and our reference."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            reference = parse_qs(body).get("attribute[report_reference]", [""])[0]
            system.calls.append((self.command, reference))
            says = answer(self.command, reference)
            self.send_response(says.status)
            for name, value in says.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(system.accepted(reference) if says.body is None else says.body)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        system = System(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield system
        finally:
            server.shutdown()
            thread.join()
