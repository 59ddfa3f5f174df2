"""Starts the demo back office."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from stockport.demo.backoffice import push
from stockport.demo.backoffice.answers import answers
from stockport.demo.backoffice.faults import NAMES, Faults
from stockport.demo.backoffice.office import Office
from stockport.demo.backoffice.server import Server
from stockport.demo.backoffice.store import Store

DEFAULT_FOLDER = Path(".demo/backoffice")


def add_arguments(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8001, help="0 takes any free one")
    parser.add_argument("--api-key", default="demo", help="what callers must send")
    parser.add_argument("--pace", type=float, default=20, help="seconds between two steps")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where to keep it")
    parser.add_argument("--latency", type=float, default=0, help="seconds that every write takes")
    parser.add_argument("--fault", choices=NAMES, default="", help="start with this fault")
    parser.add_argument("--webhook", default="", help="address to push news to as it happens")
    parser.add_argument(
        "--answers",
        nargs=2,
        action="append",
        default=[],
        metavar=("TYPE", "URL"),
        help="address to push what is said of messages of this type",
    )
    parser.add_argument("--webhook-secret", default="", help="whsec_…, of both directions")
    parser.add_argument("--ignore-keys", action="store_true", help="as systems do that know none")


def serve(options: dict[str, Any]) -> None:
    """Serve until interrupted or terminated; a port in use gets one clear sentence."""
    office = Office(
        Store(options["folder"]),
        api_key=options["api_key"],
        pace=options["pace"],
        honours_keys=not options["ignore_keys"],
        secret=options["webhook_secret"],
    )
    try:
        address = (options["host"], options["port"])
        server = Server(address, office, Faults(options["fault"]), options["latency"])
    except OSError as error:
        sys.exit(f"The back office cannot listen on port {options['port']}: {error.strerror}.")
    secret = options["webhook_secret"]
    push.start(partial(push.of_reports, office), options["webhook"], secret)
    for type, url in options["answers"]:
        push.start(partial(answers, office, type), url, secret)
    with server, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, _interrupt)
        sys.stdout.write(f"The demo back office listens on {server.url}\n")
        sys.stdout.flush()
        server.serve()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
