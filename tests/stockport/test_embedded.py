"""The embedded PostgreSQL, with real processes, ended in every way that processes end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stockport.embedded import cluster as clusters
from stockport.embedded import server
from stockport.embedded.cluster import LONGEST_SOCKET, Cluster, EmbeddedError

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parent.parent.parent
SCRIPT = PROJECT / "tests" / "stockport" / "embedded_user.py"
SECONDS = 30.0

User = subprocess.Popen[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".postgres"


@pytest.fixture
def user() -> Iterator[Callable[[Path], User]]:
    """Starts processes that use a folder's server, and ends those that are left."""
    users: list[User] = []

    def start(folder: Path) -> User:
        users.append(
            subprocess.Popen(
                [sys.executable, str(SCRIPT), str(folder)],
                env={**os.environ, "PYTHONPATH": str(PROJECT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return users[-1]

    yield start
    for one in users:
        one.kill()
        one.communicate()


def started(user: User) -> str:
    """When the server that the process reached was started; waits until it reached one."""
    assert user.stdout
    return user.stdout.readline().strip()


def leaves(user: User) -> None:
    user.communicate()


def stops(folder: Path) -> bool:
    """Whether the last process of the server ends within seconds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if server.is_free(Cluster(folder).server_lock):
            return True
        time.sleep(0.05)
    return False


def postmaster(folder: Path) -> int:
    return int(Cluster(folder).status.read_text().split()[0])


def keeper(folder: Path) -> int:
    """The parent of the postmaster."""
    status = Path(f"/proc/{postmaster(folder)}/status").read_text()
    return int(status.partition("PPid:")[2].split()[0])


def test_processes_that_start_at_once_share_one_server(folder, user):
    users = [user(folder) for _ in range(6)]

    assert len({started(one) for one in users} - {""}) == 1


def test_server_stops_with_its_last_user_and_not_before(folder, user):
    first, last = user(folder), user(folder)
    assert started(first) == started(last)

    leaves(first)
    time.sleep(0.5)
    assert server.is_running(Cluster(folder))

    leaves(last)
    assert stops(folder)
    assert not Cluster(folder).status.exists()


def test_server_stops_when_its_last_user_is_killed(folder, user):
    only = user(folder)
    assert started(only)

    only.kill()

    assert stops(folder)


def test_user_who_arrives_while_the_server_stops_gets_a_new_one(folder, user):
    first = user(folder)
    before = started(first)

    first.kill()
    after = started(user(folder))

    assert after
    assert after != before


def test_killed_keeper_leaves_no_server_behind_and_the_next_user_gets_one(folder, user):
    first = user(folder)
    before = started(first)

    os.kill(keeper(folder), signal.SIGKILL)

    assert stops(folder)
    assert started(user(folder)) > before


def test_next_user_of_a_killed_server_gets_a_new_one(folder, user):
    before = started(user(folder))

    os.kill(postmaster(folder), signal.SIGKILL)

    assert started(user(folder)) > before


def test_record_of_a_dead_server_that_names_a_living_process_is_no_obstacle(folder, user):
    leaves_after_start(folder, user)
    record = [str(os.getpid()), str(folder / "data"), "0", "5432", str(folder), "", "", "ready"]
    Cluster(folder).status.write_text("\n".join(record))

    assert started(user(folder))


def test_cluster_that_was_half_made_is_made_again(folder, user):
    (folder / "unfinished").mkdir(parents=True)
    folder.chmod(0o700)
    (folder / "unfinished" / "PG_VERSION").write_text("18\n")

    assert started(user(folder))


@pytest.mark.parametrize("name", ["two words", "a,comma", "l" * LONGEST_SOCKET, "Straße"])
def test_project_may_lie_in_any_folder(tmp_path, user, name):
    folder = tmp_path / name / ".postgres"

    assert started(user(folder))


def test_project_may_lie_in_a_folder_closed_to_others(tmp_path, user):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    assert started(user(closed / ".postgres"))


def test_cluster_of_another_version_is_refused_with_what_to_do(folder, user):
    leaves_after_start(folder, user)
    (folder / "data" / "PG_VERSION").write_text("12\n")

    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 12 .* delete .*\.postgres"):
        Cluster(folder).create()


def test_full_disk_is_named(folder, monkeypatch):
    folder.mkdir()
    monkeypatch.setattr(clusters, "SPACE_TO_MAKE", 10**12)

    with pytest.raises(EmbeddedError, match="The disk is full: PostgreSQL needs"):
        Cluster(folder).create()


def test_missing_wheel_is_named(monkeypatch):
    monkeypatch.setattr(clusters, "WHEEL", "no_such_wheel")

    with pytest.raises(EmbeddedError, match="not installed: run make run, or set DATABASE_URL"):
        clusters.binary("postgres")


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(EmbeddedError, match="Cannot make the folder"):
        Cluster(tmp_path / "file" / ".postgres").make_folders()


def test_checks_start_no_server_and_the_first_query_does(tmp_path):
    environment = {**os.environ, "STATE_DIR": str(tmp_path), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "stockport.settings.development"

    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    manage("check")
    assert not (tmp_path / ".postgres").exists()

    killed_between = (
        "import os, signal; from pathlib import Path; from django.db import connection as c\n"
        "c.ensure_connection(); pid = c.connection.info.backend_pid\n"
        f"server = int(Path({str(tmp_path)!r}, '.postgres/data/postmaster.pid').read_text()"
        ".split()[0])\n"
        "os.kill(server, signal.SIGKILL); c.close(); c.ensure_connection(); print('again')"
    )
    assert "again" in manage("shell", "--no-imports", "-c", killed_between)
    assert stops(tmp_path / ".postgres")


def leaves_after_start(folder: Path, user: Callable[[Path], User]) -> None:
    """Makes the cluster, and waits until its server has stopped."""
    one = user(folder)
    assert started(one)
    leaves(one)
    assert stops(folder)
