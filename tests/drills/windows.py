"""The moments in which a worker can die; it stops there, for ever, so that a drill can kill it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from stockport.outbox import delivering
from tests.drills.orders import BEFORE_SEND


def stop_in(window: str, reached: Path) -> None:
    """Have this process write the file and stop when it reaches the window."""

    def stop(delivery: Any) -> None:
        if delivery.kind == "street_report":
            reached.touch()
            while True:
                time.sleep(60)

    if window == BEFORE_SEND:
        delivering.call = _stopping_first(delivering.call, stop)  # type: ignore[assignment]
    else:
        delivering.settle = _stopping_before_commit(delivering.settle, stop)


def _stopping_first(call: Callable[..., Any], stop: Callable[[Any], None]) -> Callable[..., Any]:
    """Leased and committed; nothing is sent yet."""

    def stop_and_call(connector: Any, delivery: Any) -> Any:
        stop(delivery)
        return call(connector, delivery)

    return stop_and_call


def _stopping_before_commit(settle: Callable[..., bool], stop: Callable[[Any], None]) -> Any:
    """The answer is here and written down, and the transaction is still open."""

    def settle_and_stop(*, delivery: Any, **more: Any) -> bool:
        with transaction.atomic():
            settled = settle(delivery=delivery, **more)
            stop(delivery)
        return settled

    return settle_and_stop
