"""Messages as files: real workers take them from a folder that they share."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty

import pytest
from celery import Celery
from kombu import Connection
from kombu.exceptions import OperationalError

from stockport.broker import Transport
from stockport.celery import app as portal
from stockport.settings.backends import broker_options, cache
from tests.waiting import eventually

PROJECT = Path(__file__).resolve().parent.parent.parent
SCRIPT = PROJECT / "tests" / "stockport" / "broker_worker.py"
MANY = 60


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts workers on the folder's messages, and ends those that are left."""
    workers: list[subprocess.Popen[bytes]] = []

    def start(name: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "BROKER_FOLDER": str(tmp_path), "PYTHONPATH": str(PROJECT)}
        command = [sys.executable, str(SCRIPT), "--hostname", f"{name}@localhost"]
        workers.append(subprocess.Popen(command, env=environment))
        return workers[-1]

    yield start
    for one in workers:
        one.kill()
        one.wait()


@pytest.fixture
def sender(tmp_path: Path) -> Celery:
    """An application that only sends."""
    app = Celery("sender", set_as_current=False)
    app.conf.broker_url = "files://localhost/"
    app.conf.broker_transport_options = broker_options("", tmp_path / "broker")
    return app


def notes(folder: Path) -> list[int]:
    file = folder / "notes"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.mark.slow
def test_two_workers_share_the_messages_and_each_is_done_once(tmp_path, worker, sender):
    worker("one")
    worker("two")

    for number in range(MANY):
        sender.send_task("note", [number])

    eventually(lambda: len(notes(tmp_path)) >= MANY)
    time.sleep(0.5)
    assert sorted(notes(tmp_path)) == list(range(MANY))
    assert not list((tmp_path / "broker" / "taken").iterdir())


@pytest.mark.slow
def test_killed_worker_leaves_what_it_had_not_begun_to_the_next(tmp_path, worker, sender):
    killed = worker("killed")
    sender.send_task("hang")
    eventually((tmp_path / "hanging").exists)

    sender.send_task("note", [1])
    os.kill(killed.pid, signal.SIGKILL)
    worker("next")

    eventually(lambda: notes(tmp_path) == [1])


def test_no_message_is_seen_half_written(tmp_path):
    folder = tmp_path / "broker"
    with Connection(
        transport=Transport, transport_options=broker_options("", folder)
    ) as connection:
        channel = connection.default_channel
        ended = threading.Event()
        seen: list[str] = []

        def look() -> None:
            while not ended.is_set():
                files = (folder / "messages").glob("*.msg")
                seen.extend(json.loads(file.read_text())["text"] for file in files)

        looking = threading.Thread(target=look)
        looking.start()
        for _ in range(200):
            channel._put("q", {"text": "x" * 100_000})
        ended.set()
        looking.join()

    assert seen
    assert {len(text) for text in seen} == {100_000}


def test_messages_come_in_the_order_sent_and_then_none(tmp_path):
    with Connection(
        transport=Transport, transport_options=broker_options("", tmp_path)
    ) as connection:
        channel = connection.default_channel
        channel._put("q", 1)
        channel._put("other", 9)
        channel._put("q", 2)

        assert [channel._get("q"), channel._get("q")] == [1, 2]
        with pytest.raises(Empty):
            channel._get("q")


def test_portal_sends_by_files_or_redis_and_never_waits_for_either():
    options = portal.conf.broker_transport_options

    assert portal.conf.broker_url.partition(":")[0] in {"files", "redis"}
    assert options["max_retries"] == 0


def test_redis_is_given_up_after_two_seconds():
    options = broker_options("redis://redis/0", Path("/nowhere"))

    assert options["socket_timeout"] == options["socket_connect_timeout"] == 2
    assert cache("redis://redis/0")["OPTIONS"]["socket_timeout"] == 2


def test_broker_that_refuses_is_given_up_at_once():
    app = Celery("refused", set_as_current=False)
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    app.conf.broker_transport_options = broker_options(app.conf.broker_url, Path("/nowhere"))
    started = time.monotonic()

    with pytest.raises(OperationalError):
        app.send_task("note", [1], retry=False)

    assert time.monotonic() - started < 2
