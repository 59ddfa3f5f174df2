"""Files as other systems write them: taken where they say the same, else refused in plain words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stockport.feeds import staging, unreadable
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun
from tests.factories.extract import borough, digest, save_manifest

pytestmark = pytest.mark.django_db


def spoilt(folder: Path, change: Callable[[bytes], bytes], *, thoroughly: bool = False) -> Path:
    """An extract whose people.csv is changed in this way, as its manifest says.

    A number in quotation marks is not plain: with it the file is read the thorough way.
    """
    extract = borough()
    extract.row("people.csv")["phone_last3"] = "042"
    extract.write(folder)
    path = folder / "people.csv"
    content = path.read_bytes()
    if thoroughly:
        content = content.replace(b",042,", b',"042",')
    path.write_bytes(change(content))
    files: dict[str, dict[str, object]] = extract.manifest["files"]  # type: ignore[assignment]
    files["people.csv"]["sha256"] = digest(path)
    save_manifest(folder, extract.manifest)
    return folder


def reasons(folder: Path) -> list[str]:
    """Why it is refused."""
    with pytest.raises(ExtractRefused) as refused:
        load(folder)
    return [str(reason) for reason in refused.value.reasons]


ENDINGS: dict[str, Callable[[bytes], bytes]] = {
    "as on Windows": lambda text: text.replace(b"\n", b"\r\n"),
    "the header alone as on Windows": lambda text: text.replace(b"\n", b"\r\n", 1),
    "the last alone as on Windows": lambda text: text.removesuffix(b"\n") + b"\r\n",
    "none at the end": lambda text: text.removesuffix(b"\n"),
}


@pytest.mark.parametrize("thoroughly", [False, True])
@pytest.mark.parametrize("change", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.parametrize("chunk", [1 << 16, 7])
def test_lines_may_end_in_either_way_whichever_way_they_are_read(
    change: Callable[[bytes], bytes],
    thoroughly: bool,
    chunk: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(staging, "CHUNK", chunk)
    run = load(spoilt(tmp_path, change, thoroughly=thoroughly))
    assert (run.state, run.counts["people.csv"]["added"]) == (FeedRun.State.LOADED, 4)


def test_files_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    spoilt(tmp_path, lambda text: b"\xef\xbb\xbf" + text)
    path = tmp_path / "manifest.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(tmp_path).state == FeedRun.State.LOADED


def test_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    borough().write(tmp_path)
    (tmp_path / "people.csv").unlink()
    for name in ("people.csv", "dogs.csv"):
        (tmp_path / name).mkdir()
    assert reasons(tmp_path) == [
        "dogs.csv: must be a file, but is a folder",
        "people.csv: must be a file, but is a folder",
    ]


def test_empty_line_is_refused_as_one(tmp_path: Path) -> None:
    assert reasons(spoilt(tmp_path, lambda text: text + b"\n")) == [
        "people.csv, line 6: the line is empty"
    ]


def test_every_line_that_cannot_be_read_is_named_and_the_others_are_looked_at(
    tmp_path: Path,
) -> None:
    def change(text: bytes) -> bytes:
        text = text.replace(b"P1,,Ada", b"P1,Ada").replace(b"P2,,Ada", b"P2,,Ren\xe9")
        return text.replace(b"P3,,Ada,Shaw,", b'P3,,"Ada,Shaw,today').replace(b"Shaw,,", b"Shaw,1,")

    assert reasons(spoilt(tmp_path, change)) == [
        "people.csv, line 2: the line does not have the header's columns",
        "people.csv, line 3: the line is not UTF-8",
        "people.csv, line 4: a quotation mark is left open",
        "people.csv, line 5, column date_of_birth: must be a real date as 2026-11-23",
    ]


def test_hundreds_of_lines_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    told = reasons(spoilt(tmp_path, lambda text: text + b"P9,Shaw\n" * 150 + b"P9,\xff\n"))
    assert len(told) == 103
    assert "people.csv: the line does not have the header's columns (50 more lines)" in told
    assert "people.csv, line 156: the line is not UTF-8" in told
    assert "people.csv: 155 rows, but the manifest says 4" in told


def test_line_without_end_is_refused_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unreadable, "LONGEST_LINE", 1000)
    assert "people.csv, line 6: the line is longer than a megabyte: nothing after it is read" in (
        reasons(spoilt(tmp_path, lambda text: text + b"P9," * 1000 + b"\n"))
    )


def test_values_of_a_file_that_was_cut_off_are_looked_at_too(tmp_path: Path) -> None:
    extract = borough()
    extract.row("people.csv")["date_of_birth"] = "yesterday"
    folder = extract.write(tmp_path)
    with (folder / "people.csv").open("ab") as file:
        file.write(b"P9\n")
    assert reasons(folder) == [
        "people.csv: its SHA-256 is not the manifest's: changed or cut off",
        "people.csv: 5 rows, but the manifest says 4",
        "people.csv, line 2, column date_of_birth: must be a real date as 2026-11-23",
        "people.csv, line 6: the line does not have the header's columns",
    ]
