"""The demo back office on a port: reads calls, lets faults strike, writes answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from stockport.demo.backoffice import faults, routes, wire
from stockport.demo.backoffice.call import Call
from stockport.demo.backoffice.faults import Faults
from stockport.demo.backoffice.office import Office
from stockport.demo.backoffice.strict import Refused
from stockport.demo.backoffice.wire import Reply

LARGEST_CALL = 20 * 1024 * 1024
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
LOOPBACK = ("127.0.0.1", "::1")


class Server(ThreadingHTTPServer):
    """One office on one port."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], office: Office, faults: Faults) -> None:
        self.office = office
        self.faults = faults
        super().__init__(address, Handler)

    @property
    def url(self) -> str:
        """The address to give to callers."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "DemoBackOffice"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Read a resource, or from this machine the ledger."""
        path, query = routes.split(self.path)
        if path == "/control/ledger":
            self._control(self.server.office.store.ledger)
        elif path == "/discovery.xml" or path == "/discovery.json":
            self._send(path, self.server.office.discovery(self.server.url))
        else:
            self._serve(path, Call(query), writes=False)

    def do_POST(self) -> None:
        """Take a report or an update, or from this machine switch a fault."""
        path, _ = routes.split(self.path)
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > LARGEST_CALL:
            self.close_connection = True
            return self._send(path, wire.error(400, "Content-Length is missing or too large."))
        body = self.rfile.read(int(size))
        if path == "/control/fault":
            return self._control(lambda: self._switch(body.decode()))
        try:
            form, files = routes.read_form(body, self.headers.get("Content-Type", ""))
        except Refused as refused:
            return self._send(path, wire.error(refused.status, refused.description))
        call = Call(form, self.headers.get("Idempotency-Key"), files)
        return self._serve(path, call, writes=True)

    def _serve(self, path: str, call: Call, *, writes: bool) -> None:
        fault = self.server.faults.next(writes=writes)
        reference = call.get("attribute[report_reference]")
        if fault in faults.NOT_TAKEN:
            self._log(path, call, reference, fault)
            return self._strike_before(path, fault)
        office, batch = self.server.office, fault == "token"
        reply = routes.answer(office, path, call, writes=writes, batch=batch)
        self._log(path, call, reference, f"{reply.status} {fault}".strip())
        return self._strike_after(path, fault, reply)

    def _log(self, path: str, call: Call, reference: str, answer: str) -> None:
        self.server.office.store.log(self.command, path, call.key, reference, answer)

    def _strike_before(self, path: str, fault: str) -> None:
        """Answer without having taken anything."""
        if fault == "hang":
            self.server.faults.sleep(faults.HANG_SECONDS)
            self.close_connection = True
        elif fault == "login-page":
            self._write(200, "text/html; charset=utf-8", faults.LOGIN_PAGE)
        else:
            # 429, 503: how long to stay away. The others ignore it.
            wait = {"Retry-After": str(faults.RETRY_AFTER_SECONDS)} if fault[0] in "45" else {}
            reply = wire.error(int(fault), "A fault was switched on.")
            self._send(path, Reply(reply.root, reply.body, reply.status, wait))

    def _strike_after(self, path: str, fault: str, reply: Reply) -> None:
        """Answer badly what was taken, or answer well."""
        if fault == "drop":
            self.close_connection = True
        elif fault == "garbage":
            self._write(200, TYPES["xml"], faults.GARBAGE)
        elif fault == "truncated":
            self._write(200, TYPES["xml"], wire.as_xml(reply)[:-40])
        elif fault == "500-after":
            self._send(path, wire.error(500, "A fault was switched on."))
        else:
            if fault == "slow":
                self.server.faults.sleep(faults.SLOW_SECONDS)
            self._send(path, reply)

    def _send(self, path: str, reply: Reply) -> None:
        form = routes.format_of(path)
        body = wire.as_json(reply) if form == "json" else wire.as_xml(reply)
        self._write(reply.status, TYPES[form], body, **reply.headers)

    def _write(self, status: int, content_type: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _control(self, act: Callable[[], object]) -> None:
        """For people and tests on this machine only."""
        if self.client_address[0] not in LOOPBACK:
            return self._write(404, "text/plain", b"")
        try:
            body = json.dumps(act(), indent=1).encode()
        except ValueError as error:
            return self._write(400, "text/plain; charset=utf-8", str(error).encode())
        return self._write(200, TYPES["json"], body)

    def _switch(self, body: str) -> str:
        form = {name: values[0] for name, values in parse_qs(body).items()}
        name, times = form.get("name", ""), form.get("times")
        self.server.faults.switch(
            name,
            int(times) if times else None,
            float(form.get("share", 1)),
            form.get("everywhere") == "true",
        )
        return name

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the calls are in the ledger."""
