"""The drills themselves: one runs through, and leaves no process behind (docs/drills.md)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.waiting import eventually

PROJECT = Path(__file__).resolve().parent.parent


def start_drills(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.drills", "--only", "baseline", *options]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def processes_of(folder: Path) -> list[str]:
    """Every process that was started with this folder in its environment or command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            known = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in known:
            found.append(process.name)
    return found


@pytest.mark.slow
def test_without_a_fault_every_report_is_delivered_once(tmp_path):
    drills = start_drills("--keep", str(tmp_path / "drills"))
    said, _ = drills.communicate(timeout=240)

    assert drills.returncode == 0, said
    row = next(line for line in said.splitlines() if line.startswith("baseline"))
    assert row.split()[1:7] == ["16", "16", "0", "0", "0", "0"]
    assert processes_of(tmp_path) == []


@pytest.mark.slow
def test_interrupted_drill_leaves_no_process(tmp_path):
    folder = tmp_path / "drills"
    drills = start_drills("--keep", str(folder))
    deadline = time.monotonic() + 120
    while not (folder / "web.log").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    drills.send_signal(signal.SIGINT)
    drills.communicate(timeout=60)

    assert drills.returncode == 130
    # One that was just being started is ended by the kernel, which takes it a moment.
    eventually(lambda: processes_of(tmp_path) == [])
