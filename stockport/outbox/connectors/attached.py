"""A file of a delivery: read from private storage when it leaves, and looked through just before.

Nothing leaves that a scanner which is set has not called clean, whenever it was uploaded.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage

from stockport.outbox.connectors.asking import Failed
from stockport.outbox.connectors.base import Outcome
from stockport.outbox.workflow import State
from stockport.scanning import Infected, ScannerSilent, scan

STORAGE = "storage"  # of a payload: the name of its file in private storage
INFECTED = "A virus was found in the file, so it is not sent."
GONE = "The file is no longer there."
SCAN_AGAIN_AFTER = timedelta(minutes=1)


def with_file(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload with the content of the file that it names, in base64.

    Raises Failed: dead where the file is gone or infected, to be tried again where the scanner
    does not answer.
    """
    if STORAGE not in payload:
        return dict(payload)
    content = _clean(str(payload[STORAGE]))
    said = {name: value for name, value in payload.items() if name != STORAGE}
    return {**said, "content": b64encode(content).decode()}


def _clean(name: str) -> bytes:
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
        scan(content)
    except FileNotFoundError as error:
        raise Failed(Outcome(State.DEAD, GONE)) from error
    except Infected as error:
        raise Failed(Outcome(State.DEAD, INFECTED, answer=str(error))) from error
    except ScannerSilent as error:
        raise Failed(Outcome(State.RETRY, str(error), wait=SCAN_AGAIN_AFTER)) from error
    return content
