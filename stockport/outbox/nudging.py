"""Tells the workers that something is due, from a thread: no resident ever waits for the broker."""

from __future__ import annotations

import logging
from threading import Condition, Thread

logger = logging.getLogger(__name__)


class Nudger:
    """Hands nudges to the broker one after another; a destination that waits for one gets one.

    What is lost here (the broker is away, the process ends) is found by the sweep.
    """

    def __init__(self) -> None:
        self._due: set[int] = set()
        self._changed = Condition()
        self._thread: Thread | None = None

    def nudge(self, destination_id: int) -> None:
        """Have a worker look at the destination soon; returns at once."""
        with self._changed:
            self._due.add(destination_id)
            # Not before there is something to do: a thread does not survive a web server's fork.
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="nudger", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due)
                destination_id = self._due.pop()
            publish(destination_id)


def publish(destination_id: int) -> None:
    """Start a drain of the destination in some worker; without a broker nothing happens."""
    from stockport.outbox.tasks import drain

    try:
        drain.apply_async(args=(destination_id,), retry=False)
    except Exception:  # each transport has its own errors
        logger.warning("The broker did not take the nudge; the sweep will find the delivery.")


nudge = Nudger().nudge
