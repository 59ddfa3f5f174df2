"""The demo back office on a port: reads calls, lets faults strike, writes answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Event, Lock
from time import sleep
from typing import Any, Self

from stockport.demo.backoffice import control, faults, inbox, routes, wire
from stockport.demo.backoffice.call import Call, Form
from stockport.demo.backoffice.faults import Faults, Strike
from stockport.demo.backoffice.office import Office
from stockport.demo.backoffice.strict import Refused
from stockport.demo.backoffice.wire import Reply

LARGEST_CALL = 20 * 1024 * 1024
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
LOOPBACK = ("127.0.0.1", "::1")


class Load:
    """How many calls are under way, and how many there were at most."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.lock = Lock()

    def __enter__(self) -> Self:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        return self

    def __exit__(self, *error: object) -> None:
        with self.lock:
            self.now -= 1


class Server(ThreadingHTTPServer):
    """One office on one port. `latency` is how long every write takes, in seconds."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], office: Office, faults: Faults, latency: float = 0
    ) -> None:
        self.office = office
        self.faults = faults
        self.latency = latency
        self.load = Load()
        self.refused_for = 0.0
        self.refusing = Event()
        super().__init__(address, Handler)

    @property
    def url(self) -> str:
        """The address to give to callers."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def serve(self) -> None:
        """Serve for ever, but for the times when connections are refused."""
        while True:
            self.serve_forever(poll_interval=0.1)
            self.socket.close()
            # Bound but not listening: callers are refused, and nobody else can take the port.
            self.socket = socket(self.address_family, self.socket_type)
            self.server_bind()
            self.refusing.set()
            sleep(self.refused_for)
            self.server_activate()

    def refuse(self, seconds: float) -> None:
        """Have connections refused for so long; returns once they are."""
        self.refused_for = seconds
        self.refusing.clear()
        self.shutdown()
        self.refusing.wait()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "DemoBackOffice"
    sys_version = ""
    timeout = 30
    # An answer is one packet.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Read a resource, or from this machine the ledger."""
        path, query = routes.split(self.path)
        if path.startswith("/control/"):
            self._control(lambda: control.read(self.server, path))
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
        try:
            form, files = self._form(path, body)
        except Refused as refused:
            return self._send(path, wire.error(refused.status, refused.description))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(form, headers.get("idempotency-key"), files, headers, body)
        if path.startswith("/control/"):
            return self._control(lambda: control.write(self.server, path, call))
        return self._serve(path, call, writes=True)

    def _form(self, path: str, body: bytes) -> tuple[Form, dict[str, bytes]]:
        """The fields and files; a message to the inbox has none, and is read there."""
        if path == inbox.PATH:
            return {}, {}
        return routes.read_form(body, self.headers.get("Content-Type", ""))

    def _serve(self, path: str, call: Call, *, writes: bool) -> None:
        with self.server.load:
            if writes and self.server.latency:
                sleep(self.server.latency)
            strike = self.server.faults.next(writes=writes)
            reference = call.get("attribute[report_reference]")
            if strike.name in faults.NOT_TAKEN:
                self._log(path, call, reference, strike.name)
                return self._strike_before(path, strike)
            if strike.name == "accept-late":
                strike.sleep()
            office, batch = self.server.office, strike.name == "token"
            reply = routes.answer(office, path, call, writes=writes, batch=batch)
            self._log(path, call, reference, f"{reply.status} {strike.name}".strip())
            return self._strike_after(path, strike, reply)

    def _log(self, path: str, call: Call, reference: str, answer: str) -> None:
        self.server.office.store.log(self.command, path, call.key, reference, answer)

    def _strike_before(self, path: str, strike: Strike) -> None:
        """Answer without having taken anything."""
        if strike.name == "hang":
            strike.sleep()
            self.close_connection = True
        elif strike.name == "drip":
            self._drip(strike)
        elif strike.name == "login-page":
            self._write(200, "text/html; charset=utf-8", faults.LOGIN_PAGE)
        else:
            # 429, 503: how long to stay away. The others ignore it.
            wait = {"Retry-After": str(round(strike.seconds))}
            reply = wire.error(int(strike.name), "A fault was switched on.")
            self._send(path, Reply(reply.root, reply.body, reply.status, wait))

    def _drip(self, strike: Strike) -> None:
        """Headers without an end, a byte at a time, until the fault is switched."""
        self.close_connection = True
        sent = 0
        while strike.sleep():
            self.wfile.write(faults.DRIP[sent : sent + 1] or b"a")
            self.wfile.flush()
            sent += 1

    def _strike_after(self, path: str, strike: Strike, reply: Reply) -> None:
        """Answer badly what was taken, or answer well."""
        if strike.name == "drop":
            self.close_connection = True
        elif strike.name == "garbage":
            self._write(200, TYPES["xml"], faults.GARBAGE)
        elif strike.name == "truncated":
            self._write(200, TYPES["xml"], wire.as_xml(reply)[:-40])
        elif strike.name == "500-after":
            self._send(path, wire.error(500, "A fault was switched on."))
        else:
            if strike.name == "slow":
                strike.sleep()
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
            body = json.dumps(act()).encode()
        except Refused as refused:
            return self._write(refused.status, "text/plain", refused.description.encode())
        except ValueError as error:
            return self._write(400, "text/plain; charset=utf-8", str(error).encode())
        return self._write(200, TYPES["json"], body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the calls are in the ledger."""
