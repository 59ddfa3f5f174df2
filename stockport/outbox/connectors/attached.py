"""What the payload of a delivery only names: a file in private storage, or sealed answers.

Both are put in when it leaves. A file is looked through for viruses just before: nothing leaves
that a scanner which is set has not called clean, whenever it was uploaded.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage

from stockport.outbox.connectors.asking import Failed
from stockport.outbox.connectors.base import Outcome
from stockport.outbox.workflow import State
from stockport.scanning import Infected, ScannerSilent, scan
from stockport.sealing import Unreadable, unseal

STORAGE = "storage"  # of a payload: the name of its file in private storage
SEALED = "sealed"  # of a payload: a JSON object that is not to be read in the database
INFECTED = "A virus was found in the file, so it is not sent."
GONE = "The file is no longer there."
SCAN_AGAIN_AFTER = timedelta(minutes=1)


def whole(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload with the content of its file, in base64, and with its sealed answers opened.

    Raises Failed: dead where the file is gone or infected or no key opens the answers, to be tried
    again where the scanner does not answer.
    """
    said = dict(payload)
    if STORAGE in said:
        said["content"] = b64encode(_clean(str(said.pop(STORAGE)))).decode()
    if SEALED in said:
        said |= _opened(str(said.pop(SEALED)))
    return said


def _opened(sealed: str) -> dict[str, Any]:
    try:
        answers: dict[str, Any] = json.loads(unseal(sealed))
    except Unreadable as error:
        raise Failed(Outcome(State.DEAD, str(error))) from error
    return answers


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
