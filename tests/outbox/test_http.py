"""The one thing that matters about a failed call: may the other system have acted?"""

from __future__ import annotations

import socket
from contextlib import closing
from threading import Thread

import pytest

from stockport import http
from stockport.http import AnswerLost, NotSent


@pytest.fixture
def server():
    """A system that takes one call and answers these bytes; gives its address."""
    listeners = []

    def answering(reply: bytes, *, close: bool = True) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            with closing(listener.accept()[0]) as caller:
                caller.recv(65536)
                caller.sendall(reply)
                if not close:
                    caller.recv(1)

        Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield answering
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
