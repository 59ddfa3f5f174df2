"""Makes a fresh clone ready: packages, styles and scripts. Repeats only what has changed.

Standard library only: the system's Python runs it before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
VENV = PROJECT / ".venv"
STAMPS = PROJECT / ".run"
OLDEST_NODE = 18
SPACE_NEEDED = 1_500_000_000  # bytes: packages, their download and the database


class NotReadyError(Exception):
    """Set-up cannot go on; the message is one sentence that says what to do."""


def main() -> int:
    """Prepares the clone; with --port also checks first that nothing else uses the ports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", action="append", default=[])
    ports = parser.parse_args().port
    try:
        for port in ports:
            check_port(port)
        check_disk()
        STAMPS.mkdir(exist_ok=True)
        step("Python packages", [PROJECT / "requirements-dev.txt"], VENV, install_packages)
        manifests = [PROJECT / "package.json", PROJECT / "package-lock.json"]
        step("Node packages", manifests, PROJECT / "node_modules", install_node_packages)
        sources = [*manifests, *sorted((PROJECT / "static").glob("*.*"))]
        step("Styles and scripts", sources, PROJECT / "static" / "build", build_assets)
    except NotReadyError as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def check_port(port: str) -> None:
    """NotReadyError where the port is none, or another program listens on it."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise NotReadyError(
            f"{port} is no port: choose one from 1024 to 65535, make run PORT=9000."
        )
    with socket.socket() as probe:
        # As gunicorn does: a connection that lingers from the last run is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            raise NotReadyError(f"Port {port} is for root: choose one above 1024.") from None
        except OSError:
            raise NotReadyError(
                f"Port {port} is in use: stop the program that uses it, "
                "or choose another with make run PORT=9000."
            ) from None


def check_disk() -> None:
    """NotReadyError where a first set-up would fill the disk."""
    free = shutil.disk_usage(PROJECT).free
    if not VENV.exists() and free < SPACE_NEEDED:
        raise NotReadyError(
            f"The disk is too full: set-up needs 1.5 GB in {PROJECT}, {free / 1e9:.1f} GB is free."
        )


def step(name: str, inputs: list[Path], output: Path, make: Callable[[], None]) -> None:
    """Runs `make` unless its output is there and was made from the same inputs, and says so."""
    print(f"  {name:20}", end="", flush=True)  # noqa: T201
    digest = hashlib.sha256(sys.version.encode())
    for path in inputs:
        digest.update(path.read_bytes())
    stamp = STAMPS / f"{name.split()[0].lower()}.stamp"
    if output.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        print("ready")  # noqa: T201
        return
    started = time.monotonic()
    make()
    stamp.write_text(digest.hexdigest())
    print(f"{time.monotonic() - started:.1f} s")  # noqa: T201


def install_packages() -> None:
    """The virtual environment with exactly the locked packages, each checked by its hash."""
    if not (VENV / "bin" / "python").exists():
        run([sys.executable, "-m", "venv", str(VENV)], "make a virtual environment (python3-venv)")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    pip += ["--disable-pip-version-check", "-r", str(PROJECT / "requirements-dev.txt")]
    run(pip, "install the Python packages")


def install_node_packages() -> None:
    """The locked packages of the design system and its compiler; no script of theirs is run."""
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(npm, "install the Node packages", with_node())


def build_assets() -> None:
    """static/build/: what pages load."""
    run(["node", "static/build.mjs"], "build the styles and scripts", with_node())


def with_node() -> dict[str, str]:
    """The environment in which `node` and `npm` are new enough: the system's, or the wheel's."""
    if shutil.which("npm") and node_version("node") >= OLDEST_NODE:
        return dict(os.environ)
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if node_version(str(VENV / "bin" / "node")) < OLDEST_NODE:
        raise NotReadyError(
            f"Node.js is missing: install version {OLDEST_NODE} or newer (with npm), "
            "then run again."
        )
    return {**os.environ, "PATH": path}


def node_version(node: str) -> int:
    """The major version, 0 where there is no such program or it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.match(r"v(\d+)", said)
    return int(found[1]) if found else 0


def run(command: list[str], purpose: str, environment: dict[str, str] | None = None) -> None:
    """Runs a command in the project; NotReadyError with its last words where it fails."""
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, errors="replace"
    )
    if done.returncode == 0:
        return
    log = STAMPS / "set-up.log"
    log.write_text(done.stdout + done.stderr)
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    last = (errors or lines or [f"exit code {done.returncode}"])[-1]
    raise NotReadyError(f"Could not {purpose}: {last} (all of it is in {log})")


if __name__ == "__main__":
    sys.exit(main())
