"""Files as other systems write them: taken where they say the same, else refused in plain words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stockport.feeds import staging
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
