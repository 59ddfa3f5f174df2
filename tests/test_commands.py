"""make run and make help, as somebody at a terminal sees them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from stockport.embedded.cluster import Cluster
from stockport.embedded.server import is_free
from stockport.run import prepare
from stockport.run.prepare import NotReadyError
from tests.waiting import eventually

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 180.0


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_port_in_use_is_named_with_the_way_out(taken):
    with pytest.raises(NotReadyError, match=f"Port {taken} is in use: .* make run PORT=9000"):
        prepare.check_port(str(taken))


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1", ""])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(NotReadyError, match="is no port"):
        prepare.check_port(port)


def test_full_disk_is_named_before_anything_is_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(prepare, "VENV", tmp_path / "none")
    monkeypatch.setattr(prepare, "SPACE_NEEDED", 10**18)

    with pytest.raises(NotReadyError, match=r"The disk is too full: .* GB is free"):
        prepare.check_disk()


def test_missing_node_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(prepare, "VENV", tmp_path)

    with pytest.raises(NotReadyError, match=r"Node\.js is missing: install version 18 or newer"):
        prepare.with_node()


@pytest.mark.parametrize(("version", "wheel"), [("v16.20.0", True), ("v18.0.0", False)])
def test_node_that_is_too_old_gives_way_to_the_wheel(monkeypatch, tmp_path, version, wheel):
    for folder, says in ((tmp_path / "system", version), (tmp_path / "venv" / "bin", "v24.1.0")):
        folder.mkdir(parents=True)
        for name in ("node", "npm"):
            (folder / name).write_text(f"#!/bin/sh\necho {says}\n")
            (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'system'}:/usr/bin:/bin")
    monkeypatch.setattr(prepare, "VENV", tmp_path / "venv")

    first = prepare.with_node()["PATH"].split(":")[0]

    assert (first == str(tmp_path / "venv" / "bin")) is wheel


def test_step_is_repeated_only_when_what_it_is_made_from_changes(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(prepare, "STAMPS", tmp_path)
    source, output = tmp_path / "source", tmp_path / "output"
    source.write_text("1")
    made: list[str] = []

    def make() -> None:
        made.append(source.read_text())
        output.touch()

    for text in ("1", "1", "2", "2"):
        source.write_text(text)
        prepare.step("Styles", [source], output, make)

    assert made == ["1", "2"]
    assert capsys.readouterr().out.count("ready") == 2


def test_command_that_fails_leaves_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(prepare, "STAMPS", tmp_path)
    failing = [sys.executable, "-c", "raise SystemExit('npm error: no space left on device')"]

    with pytest.raises(NotReadyError, match=r"^Could not build: npm error: no space left on dev"):
        prepare.run(failing, "build")


def test_help_lists_every_command():
    listed = subprocess.run(["/usr/bin/make", "help"], cwd=PROJECT, capture_output=True, text=True)
    names = set(re.findall(r"^  make (\w+)", listed.stdout, re.M))

    assert {"run", "test", "lint", "fix", "types", "check", "migrations", "worker"} <= names
    assert {"bench", "drills", "requirements", "backoffice", "civica", "help"} <= names


@pytest.mark.slow
def test_site_starts_says_how_to_sign_in_and_leaves_no_process(tmp_path):
    port = free_ports()
    environment = {**os.environ, "STATE_DIR": str(tmp_path), "PORT": str(port)}
    environment |= {"DATABASE_URL": "", "REDIS_URL": "", "PYTHONUNBUFFERED": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "stockport.settings.development"
    said = tmp_path / "said"
    with said.open("wb") as output:
        site = subprocess.Popen(
            [sys.executable, "-m", "stockport.run"],
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        eventually(lambda: "Ready in" in said.read_text() or site.poll() is not None, SECONDS)
        text = said.read_text()
        assert "missed@example.org" in text
        assert "Staff, at" in text
        with urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert b"My Account" in answer.read()
        eventually(lambda: says_what_it_is(port + 2), SECONDS)
    finally:
        os.killpg(site.pid, signal.SIGINT)
        code = site.wait(timeout=60)

    assert code == 130, said.read_text()
    assert is_free(Cluster(tmp_path / ".postgres").server_lock)
    assert not processes_under(tmp_path)
    for number in (port, port + 1, port + 2):
        prepare.check_port(str(number))


def says_what_it_is(port: int) -> bool:
    """Whether the invented Civica answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/") as answer:
            return b"An invented Civica" in answer.read()
    except OSError:
        return False


def free_ports() -> int:
    """The first of three neighbouring ports that nobody uses."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        try:
            for number in (port, port + 1, port + 2):
                prepare.check_port(str(number))
        except NotReadyError:
            continue
        return int(port)


def processes_under(folder: Path) -> list[str]:
    """Command lines of the processes that were given this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if bytes(folder) in environment or bytes(folder) in command:
            found.append(command.decode(errors="replace"))
    return found
