"""Runs a worker or the sweeper of the portal as a drill needs it; the portal knows nothing of it.

`python -m tests.drills.carrier worker|sweep`, by tests/drills/world.py. The environment says which
window it stops in (DRILL_WINDOW, with the file DRILL_REACHED) and which guard is off (DRILL_OFF).
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from celery.signals import worker_ready  # noqa: E402
from django.core.management import call_command  # noqa: E402

from stockport import http  # noqa: E402
from stockport.celery import app  # noqa: E402
from stockport.outbox import workflow  # noqa: E402
from tests.drills import guards, windows  # noqa: E402
from tests.drills.clock import follow  # noqa: E402

WORKER = ("worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "info")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def hurry() -> None:
    """The same rules with shorter waits, where the environment cannot set them."""
    http.CONNECT_SECONDS, http.READ_SECONDS, http.LONGEST_SECONDS = 1, 1, 2
    workflow.SHORTEST_DELAY = timedelta(seconds=0.2)
    workflow.FIRST_DELAY = timedelta(seconds=0.5)
    workflow.LONGEST_DELAY = timedelta(seconds=2)


def main(kind: str) -> None:
    """Carry until told to stop, or until the window is reached."""
    hurry()
    follow()
    ready = Path(os.environ["DRILL_READY"])
    if window := os.environ.get("DRILL_WINDOW"):
        windows.stop_in(window, Path(os.environ["DRILL_REACHED"]))
    if guard := os.environ.get("DRILL_OFF"):
        guards.switch_off(guard)
    if kind == "worker":
        worker_ready.connect(lambda **_: ready.touch(), weak=False)
        app.worker_main([*WORKER, *ALONE, "--hostname", f"{ready.stem}@drill"])
    else:
        call_command("sweep", alive=ready)


if __name__ == "__main__":
    main(sys.argv[1])
