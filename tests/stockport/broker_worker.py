"""A Celery application with the files broker of the folder given; its task writes down who ran."""

import os
import sys
import time
from pathlib import Path

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

from stockport.settings.backends import broker_options

folder = Path(os.environ["BROKER_FOLDER"])
TRANSPORT_ALIASES["files"] = "stockport.broker:Transport"
app = Celery("files")
app.conf.broker_url = "files://localhost/"
app.conf.broker_transport_options = broker_options("", folder / "broker")
app.conf.task_ignore_result = True


@app.task(name="note")
def note(number: int) -> None:
    """Appends one line; an append this short is one write."""
    with (folder / "notes").open("a") as notes:
        notes.write(f"{number}\n")


@app.task(name="hang")
def hang() -> None:
    """Says that it has begun, and never ends."""
    (folder / "hanging").touch()
    time.sleep(3600)


if __name__ == "__main__":
    app.worker_main(["worker", "--pool", "solo", "--loglevel", "error", *sys.argv[1:]])
