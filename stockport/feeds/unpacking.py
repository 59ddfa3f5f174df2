"""An extract as a zip file: unpacked for the time being, once it is known to be a plain one."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from stockport.feeds.extract import LONGEST_NAME, ExtractRefused, Refusal, refuse, shown

MOST_FILES = 200
MOST_BYTES = 8 << 30  # a borough of 140,000 accounts has less than one of these gigabytes
# Figures become about ten times smaller in a zip file. What is small anyway may be anything.
MOST_PACKED, SMALL = 200, 64 << 20
IS_ENCRYPTED = 0x1


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder of an extract, unpacked for the time being where it is a zip file.

    Raises ExtractRefused where there is nothing, for a file that is not a whole zip file, and for
    one that could fill the disk or write anywhere else.
    """
    if path.is_dir():
        yield path
        return
    if not path.is_file():
        raise refuse("there is no such folder or zip file", file=path.name)
    # What cannot be deleted at the end has been loaded all the same.
    with TemporaryDirectory(prefix="extract-", ignore_cleanup_errors=True) as folder:
        _unpack(path, Path(folder))
        yield Path(folder)


def _unpack(path: Path, folder: Path) -> None:
    try:
        with ZipFile(path) as archive:
            files = archive.infolist()
            if reasons := [*_wrong_files(files), *_too_large(files, folder)]:
                refusals = [Refusal(path.name, None, "", reason) for reason in reasons]
                raise ExtractRefused(shown(refusals, path.name))
            for file in files:
                # Never more than the size that it gives, whatever it holds.
                archive.extract(file, folder)
    # NotImplementedError is zipfile's, for a kind of compression that it cannot read.
    except (BadZipFile, EOFError, NotImplementedError, ValueError, struct.error, zlib.error):
        raise refuse("neither a folder nor a whole zip file", file=path.name) from None


def _wrong_files(files: list[ZipInfo]) -> Iterator[str]:
    if len(files) > MOST_FILES:
        yield f"holds {len(files)} files, more than the {MOST_FILES} that an extract may have"
        return
    for name, times in Counter(file.filename for file in files).items():
        if times > 1:
            yield f"{name!a} is there {times} times"
    for file in files:
        name = ascii(file.orig_filename[:LONGEST_NAME])
        yield from (f"{name} {reason}" for reason in _wrong_file(file))


def _wrong_file(file: ZipInfo) -> Iterator[str]:
    name = file.orig_filename
    if "/" in name or "\\" in name:
        yield "is in a folder: the files must lie at the top of the zip file"
    elif name in ("", ".", "..") or not name.isprintable() or len(name) > LONGEST_NAME:
        yield "is not the name of a file"
    if file.flag_bits & IS_ENCRYPTED:
        yield "is encrypted"
    elif file.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        yield "is packed in a rare way: use “deflate”"


def _too_large(files: list[ZipInfo], folder: Path) -> Iterator[str]:
    size = sum(file.file_size for file in files)
    packed = sum(file.compress_size for file in files)
    free = shutil.disk_usage(folder).free
    if size > MOST_BYTES:
        most = _megabytes(MOST_BYTES)
        yield f"would be {_megabytes(size)} unpacked, more than the {most} of the largest"
    elif size > SMALL and size > packed * MOST_PACKED:
        yield f"would be {_megabytes(size)} unpacked, {size // max(packed, 1)} times its own size"
    elif size > free:
        yield f"needs {_megabytes(size)} unpacked, but {_megabytes(free)} are free on this disk"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
