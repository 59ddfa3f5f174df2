"""The sweep: carries whatever is due, with nothing but the database.

It is a process of its own (`manage.py sweep`). Workers are only quicker: a nudge that was lost, a
broker that is down or was flushed, a worker that was killed cost the time until the next sweep. Any
number may run at once, since a claim is exclusive. Times are measured on a clock that never jumps.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from django.db import connection

from stockport.outbox import delivering
from stockport.outbox.inbound import applying
from stockport.outbox.models import InboundUpdate

logger = logging.getLogger(__name__)

# A thread gives its place up now and then, so that a new limit of a destination soon counts.
SECONDS_FOR_A_DRAIN = 20


class Sweeper:
    """Sweeps every few seconds until it is told to stop; then it ends what it has begun.

    After each sweep that went well it touches the file `alive`, for a health check.
    """

    def __init__(self, *, every: float, alive: Path | None = None) -> None:
        self.every = every
        self.alive = alive
        self._stop = Event()
        self._threads: list[Thread] = []

    def stop(self) -> None:
        """Begin nothing more."""
        self._stop.set()

    def run(self) -> None:
        """Sweep until stopped, whatever happens: a database that is away comes back."""
        while not self._stop.is_set():
            try:
                self.sweep()
            except Exception:
                logger.exception("A sweep failed; the next one follows.")
                connection.close()
            self._stop.wait(self.every)
        for thread in self._threads:
            thread.join()

    def sweep(self) -> None:
        """Take back what stopped workers left, put each free slot that has work to work, and hand
        on what came back.

        Each has a thread of its own: a destination that hangs holds up no other.
        """
        delivering.reclaim()
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        for destination_id, slots in delivering.due_slots().items():
            for _ in range(slots):
                self._start(self._drain, destination_id)
        for destination_id in InboundUpdate.objects.destinations_to_hand_on():
            self._start(applying.hand_on, destination_id)
        if self.alive:
            self.alive.touch()

    def _start(self, work: Callable[[int], int], destination_id: int) -> None:
        thread = Thread(target=self._run_apart, args=(work, destination_id), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run_apart(self, work: Callable[[int], int], destination_id: int) -> None:
        try:
            work(destination_id)
        except Exception:
            logger.exception("A part of a sweep failed; the next sweep goes on with it.")
        finally:
            connection.close()

    def _drain(self, destination_id: int) -> int:
        return delivering.drain(destination_id, seconds=SECONDS_FOR_A_DRAIN, stop=self._stop)
