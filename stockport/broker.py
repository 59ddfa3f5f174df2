"""Celery messages as files, for a machine without Redis: kombu's transport, made safe.

Kombu's own writes a message under its final name, so a worker can take it half-written and stop
on it; and it takes messages through the system's temporary folder, which is no atomic move where
that is another disk. Here a message appears, and is taken, by a rename within one folder tree.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """One worker's or web process's view of the folder; safe for any number of them."""

    def _put(self, queue: str, message: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        unfinished = Path(self.data_folder_out) / f"{name}.unfinished"
        unfinished.write_text(dumps(message))
        unfinished.rename(Path(self.data_folder_out) / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.processed_folder) / name
            try:
                os.rename(Path(self.data_folder_in) / name, taken)
            except FileNotFoundError:
                continue  # another worker was first
            message = loads(taken.read_text())
            taken.unlink()
            return message
        raise Empty


class Transport(filesystem.Transport):
    """`files://`; the folders come from the transport options and are made on connecting."""

    Channel = Channel

    def establish_connection(self) -> Any:
        options = self.client.transport_options if self.client else {}
        for option in ("data_folder_in", "data_folder_out", "processed_folder", "control_folder"):
            Path((options or {})[option]).mkdir(mode=0o700, parents=True, exist_ok=True)
        return super().establish_connection()
