"""The one thing that matters about a failed call: may the other system have acted?"""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from threading import Event, Thread

import pytest
import requests

from stockport import http
from stockport.http import AnswerLost, NotSent
from stockport.time_limit import LimitedAdapter, TimeLimit

START = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def server():
    """A system that takes one call and answers these bytes; gives its address."""
    listeners = []

    def answering(reply: bytes, *, close: bool = True) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            # The listener may be closed before anybody has called.
            with suppress(OSError), closing(listener.accept()[0]) as caller:
                caller.recv(65536)
                caller.sendall(reply)
                if not close:
                    caller.recv(1)

        Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield answering
    for listener in listeners:
        listener.close()


@pytest.fixture
def dripping():
    """A system that answers this and then a byte at a time until the caller hangs up."""
    listeners, ended = [], Event()

    def dripping(start: bytes, *, reads: bool = True, most: int = 10_000) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            with suppress(OSError), closing(listener.accept()[0]) as caller:
                if reads:
                    caller.recv(65536)
                caller.sendall(start)
                for _ in range(most):
                    ended.wait(0.02)
                    caller.sendall(b"a" if reads else b"")

        Thread(target=serve, daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}/"

    yield dripping
    ended.set()
    for listener in listeners:
        listener.close()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://no-such-host.invalid/", "nonsense", "ftp://x/", "http://"],
)
def test_call_that_reached_nobody_is_known_not_to_have_been_sent(url):
    with pytest.raises(NotSent):
        http.call("POST", url, data={"a": "b"})


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_call_whose_answer_broke_off_may_have_been_acted_on(server, reply):
    with pytest.raises(AnswerLost):
        http.call("POST", server(reply), data={"a": "b"})


def test_silence_is_a_lost_answer(server, monkeypatch):
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    with pytest.raises(AnswerLost, match="in time"):
        http.call("POST", server(b"", close=False))


def test_answer_without_end_is_cut_off(server, monkeypatch):
    monkeypatch.setattr(http, "LARGEST_ANSWER", 10)
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + b"a" * 50
    with pytest.raises(AnswerLost, match="too large"):
        http.call("GET", server(reply))


def test_redirect_is_an_answer_and_is_not_followed(server):
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    assert http.call("GET", server(reply)).status == 302


def test_proxy_of_the_environment_is_not_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.delenv("no_proxy", raising=False)
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    assert http.call("GET", server(reply)).text == "ok"


@pytest.mark.parametrize(
    "start",
    [
        b"",
        START + b"X-Slow: ",
        START + b"Content-Length: 9999\r\n\r\n",
        START + b"Connection: close\r\n\r\n",
    ],
    ids=["status", "headers", "body", "body without a length"],
)
def test_system_that_gives_a_byte_now_and_then_holds_no_worker(dripping, monkeypatch, start):
    monkeypatch.setattr(http, "LONGEST_SECONDS", 0.3)
    with pytest.raises(AnswerLost, match="in time"):
        http.call("POST", f"http://{dripping(start)}", data={"a": "b"})


def test_without_the_limit_the_same_bytes_are_waited_for(dripping, monkeypatch):
    """The negative control: the time-out of each read never stops such a system."""
    monkeypatch.setattr(http, "READ_SECONDS", 5)
    start = START + b"Content-Length: 40\r\n\r\n"
    assert http.call("GET", f"http://{dripping(start, most=40)}").text == "a" * 40


def test_system_that_does_not_read_our_call_holds_no_worker(dripping, monkeypatch):
    monkeypatch.setattr(http, "LONGEST_SECONDS", 0.3)
    with pytest.raises(AnswerLost, match="in time"):
        http.call("POST", f"http://{dripping(b'', reads=False)}", data=b"a" * 20_000_000)


def test_system_that_never_ends_its_tls_handshake_was_sent_nothing(dripping, monkeypatch):
    monkeypatch.setattr(http, "LONGEST_SECONDS", 0.3)
    record = b"\x16\x03\x03\x40\x00"  # the head of 16 kB of handshake
    with pytest.raises(NotSent):
        http.call("POST", f"https://{dripping(record)}", data={"a": "b"})


def test_system_that_breaks_off_the_tls_handshake_was_sent_nothing(server):
    with pytest.raises(NotSent):
        http.call("POST", server(b"no TLS here").replace("http:", "https:"), data={"a": "b"})


def test_nothing_is_sent_once_the_time_is_over(server):
    """However long it took to find the address: somebody else may carry the delivery by now."""
    with TimeLimit(0) as limit, requests.Session() as session:
        limit._timer.join()
        session.mount("http://", LimitedAdapter())
        with pytest.raises(requests.ConnectTimeout):
            session.post(server(b""), data={"a": "b"}, timeout=1)
    assert not limit.connected


def test_library_with_calls_of_its_own_is_held_to_size(server):
    """A whole answer is read; a longer one, or one that breaks off, is an error that it knows."""
    session = http.StrictSession(seconds=10, largest=10)
    answer = START + b"Content-Length: 9\r\n\r\n" + b'{"a": 10}'
    assert session.get(server(answer)).json() == {"a": 10}
    for length, body in ((11, b"a" * 11), (9, b"abc")):
        with pytest.raises(requests.RequestException):
            session.get(server(START + b"Content-Length: %d\r\n\r\n" % length + body))


def test_library_with_calls_of_its_own_is_held_to_time(dripping):
    session = http.StrictSession(seconds=0.3, largest=10)
    with pytest.raises(requests.RequestException):
        session.get(f"http://{dripping(START + b'X-Slow: ')}")


def test_worker_never_calls_when_its_lease_is_over(settings):
    """A call may start until half of the lease is gone (delivering.carry)."""
    assert http.LONGEST_SECONDS < settings.OUTBOX_LEASE_SECONDS / 2
