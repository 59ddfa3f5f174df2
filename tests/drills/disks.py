"""A disk of 1 MB that fills up under an extract: while it is unpacked, staged or merged."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from tests.drills.loads import Loads

SIZE = 1_000_000
# Rewritten with every load, so that it needs new pages: every account has a new date.
MERGED = "council_tax_account"

Play = Callable[["Loads", Path], None]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of 1 MB; None where this machine does not let us mount one."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(  # as root, in CI too
        ["/usr/bin/env", "mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", disk],
        check=False,
    )
    try:
        yield disk if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["/usr/bin/env", "umount", disk], check=True)
        disk.rmdir()


@contextmanager
def tablespace(disk: Path) -> Iterator[None]:
    """Inside, PostgreSQL may keep things on the disk, as `small_disk`."""
    place = disk / "postgresql"
    place.mkdir()
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (data,) = cursor.fetchone()
        shutil.chown(place, Path(data).stat().st_uid, Path(data).stat().st_gid)
        cursor.execute("CREATE TABLESPACE small_disk LOCATION '" + str(place) + "'")
        yield
        cursor.execute("DROP TABLESPACE small_disk")
    place.rmdir()


@contextmanager
def filled(disk: Path, left: int = 0) -> Iterator[None]:
    """Inside, the disk has only so many bytes left."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        file.write(b"0" * (shutil.disk_usage(disk).free - left))
    yield
    filler.unlink()


def while_unpacking(loads: Loads, disk: Path) -> None:
    """There is room for the zip file’s first files, and the machine takes it for more."""
    packed = shutil.make_archive(str(loads.folder / "night"), "zip", loads.new)
    with filled(disk, left=20_000):
        loads.run(Path(packed), TMPDIR=str(disk), DRILL_OFF="free space")


def before_unpacking(loads: Loads, disk: Path) -> None:
    """There is no room for what the zip file would be unpacked."""
    packed = shutil.make_archive(str(loads.folder / "night"), "zip", loads.new)
    with filled(disk, left=20_000):
        loads.run(Path(packed), TMPDIR=str(disk))


def while_staging(loads: Loads, disk: Path) -> None:
    """PostgreSQL has no room left for the staged rows."""
    with tablespace(disk), filled(disk, left=100_000):
        loads.run(loads.new, PGOPTIONS="-c temp_tablespaces=small_disk")


def while_merging(loads: Loads, disk: Path) -> None:
    """PostgreSQL has no room left for one of the tables that residents see."""
    with tablespace(disk), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {MERGED} SET TABLESPACE small_disk")
        cursor.execute(f"VACUUM FULL {MERGED}")
        with filled(disk):
            loads.run(loads.new)
        cursor.execute(f"ALTER TABLE {MERGED} SET TABLESPACE pg_default")


FULL: dict[str, tuple[Play, str]] = {
    "no room to unpack": (before_unpacking, "are free on this disk"),
    "disk full while unpacking": (while_unpacking, "No space left on device"),
    "disk full while staging": (while_staging, "DiskFull"),
    "disk full while merging": (while_merging, "DiskFull"),
}
