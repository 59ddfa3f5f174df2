"""`make run`: the whole site on one machine. Ctrl-C stops all of it."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

from stockport.embedded import server
from stockport.embedded.cluster import Cluster
from stockport.run.parent import Parent
from stockport.run.processes import Supervisor, site
from stockport.run.welcome import welcome


def main() -> int:
    """Prepares the database, runs every process until one ends, and leaves none behind."""
    began = time.monotonic()
    parent = Parent()
    port = int(os.environ.get("PORT", "8000"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.development")
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    os.environ.setdefault("BACKOFFICE_URL", f"http://127.0.0.1:{port + 1}")
    os.environ.setdefault("CIVICA_URL", f"http://127.0.0.1:{port + 2}/")
    # Whoever tries the portal out wants to see a fault mended while they watch.
    os.environ.setdefault("OUTBOX_UPDATES_SECONDS", "3")
    django.setup()
    try:
        prepare_database()
        return supervise(port, parent, began)
    except OperationalError as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        connection.close()
        leave_database()


def prepare_database() -> None:
    """Tables, the cache's table and today's demo borough; each tells how long it took."""
    logging.disable(logging.INFO)
    timed("PostgreSQL", connection.ensure_connection)
    timed("Tables", lambda: call_command("migrate", verbosity=0))
    timed("Cache", lambda: call_command("createcachetable", verbosity=0))
    timed("Demo borough", lambda: call_command("demo", stdout=io.StringIO()))
    connection.close()
    logging.disable(logging.NOTSET)


def timed(name: str, step: Callable[[], object]) -> None:
    """Runs one step and prints its name and seconds."""
    print(f"  {name:20}", end="", flush=True)  # noqa: T201
    started = time.monotonic()
    step()
    print(f"{time.monotonic() - started:.1f} s")  # noqa: T201


def supervise(port: int, parent: Parent, began: float) -> int:
    """Runs the processes; their end, or that of whoever started this, ends them all."""
    state = Path(settings.STATE_DIR)
    (state / ".run").mkdir(exist_ok=True)
    supervisor = Supervisor(site(port, state), lambda: watch(port, welcome(port), parent, began))
    supervisor.loop()
    return int(supervisor.returncode or 0)


def watch(port: int, text: str, parent: Parent, began: float) -> None:
    """Prints the welcome when the site answers; ends the site should `make` give up."""
    announced = False
    while not parent.has_given_up():
        if not announced and is_ready(port):
            print(f"{text}\nReady in {time.monotonic() - began:.1f} s.\n", flush=True)  # noqa: T201
            announced = True
        time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGTERM)


def is_ready(port: int) -> bool:
    """Whether /health/ready answers 200."""
    try:
        address = f"http://127.0.0.1:{port}/health/ready"
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def leave_database() -> None:
    """Waits until the embedded server has stopped, unless somebody else uses it."""
    if settings.DATABASES["default"]["ENGINE"] != "stockport.embedded":
        return
    if not server.leave(Cluster(Path(settings.DATABASES["default"]["FOLDER"]))):
        print("PostgreSQL stays up: another process uses it.")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
