"""Extracts that cannot even be read: nothing is written anywhere, and staff see that they came."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from django.db import IntegrityError

from stockport.db import violated_constraint
from stockport.feeds import unpacking
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.extract import FIRST_NIGHT, borough

pytestmark = pytest.mark.django_db


def refused(path: Path) -> FeedRun:
    """The record of an extract that was refused, whose reasons are those told at once."""
    with pytest.raises(ExtractRefused) as refusal:
        load(path)
    run = FeedRun.objects.get()
    assert run.state == FeedRun.State.REFUSED
    assert run.finished_at is not None
    assert run.reasons == [str(reason) for reason in refusal.value.reasons]
    return run


def test_folder_that_is_not_there_is_on_record(tmp_path: Path) -> None:
    run = refused(tmp_path / "night")
    assert run.reasons == ["night: there is no such folder or zip file"]
    assert (run.source, run.extracted_at, run.kind) == ("", None, "")
    assert str(run) == "night, not read"


def test_name_that_is_no_text_is_on_record_all_the_same(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused):
        load(tmp_path / os.fsdecode(b"night\xff"))
    assert FeedRun.objects.get().reasons == ["night?: there is no such folder or zip file"]


def test_every_reason_of_a_manifest_is_told_and_what_it_says_well_is_kept(tmp_path: Path) -> None:
    told = {
        "source": "revenues",
        "extracted_at": "yesterday",
        "kind": "half",
        "since": 7,
        "files": {"people.csv": {"rows": -1}, "a\u0000b.csv": {}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(told), "utf-8")
    run = refused(tmp_path)
    moment = "must be a time with its offset, as 2026-11-23T02:00:00+00:00"
    assert run.reasons == [
        f"manifest.json, column extracted_at: {moment}",
        "manifest.json, column kind: must be full or delta",
        f"manifest.json, column since: {moment}",
        "manifest.json, column files: people.csv needs its rows and its sha256",
        "manifest.json, column files: no file of an extract is called 'a\\x00b.csv'",
    ]
    assert run.source == "revenues"


HOSTILE_MANIFESTS = [
    b"[" * 200_000,
    b" " * 1_000_001,
    b'{"source": "\\ud800"}',
    b'{"source": "a\\u0000"}',
    b'{"extracted_at": "0001-01-01T00:00:00+14:00", "kind": ["full"]}',
    b'{"files": {"people.csv": {"rows": 1e400, "sha256": ""}}}',
]


@pytest.mark.parametrize("manifest", HOSTILE_MANIFESTS)
def test_manifest_of_any_content_is_refused_and_on_record(manifest: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest)
    assert refused(tmp_path).reasons[0].startswith("manifest.json")


def test_thousands_of_wrong_files_are_told_to_a_hundred(tmp_path: Path) -> None:
    files = {f"{number}.csv": {} for number in range(5000)}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": files}), "utf-8")
    reasons = refused(tmp_path).reasons
    assert len(reasons) == 101
    assert reasons[-1] == "manifest.json: 4903 more reasons are left out"


def zipped(path: Path, *entries: tuple[str, bytes], how: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", how) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def spoil_content(path: Path) -> None:
    """Change a byte in the middle of what is packed."""
    zipped(path, ("people.csv", bytes(range(256)) * 40))
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(bytes(content))


def encrypt(path: Path) -> None:
    """Set the flag that says so, in both places."""
    zipped(path, ("people.csv", b"reference\n"))
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))


HOSTILE_ZIPS: list[tuple[Callable[[Path], object], str]] = [
    (
        lambda path: zipped(path, ("../people.csv", b"")),
        "'../people.csv' is in a folder: the files must lie at the top of the zip file",
    ),
    (
        lambda path: zipped(path, ("/etc/people.csv", b"")),
        "'/etc/people.csv' is in a folder: the files must lie at the top of the zip file",
    ),
    (
        lambda path: zipped(path, ("night/", b""), ("night\\people.csv", b"")),
        "'night\\\\people.csv' is in a folder: the files must lie at the top of the zip file",
    ),
    (lambda path: zipped(path, ("..", b"")), "'..' is not the name of a file"),
    (lambda path: zipped(path, ("a" * 300, b"")), f"'{'a' * 100}' is not the name of a file"),
    (
        lambda path: zipped(path, ("bomb.csv", bytes(70 << 20))),
        "would be 73 MB unpacked, 10",
    ),
    (
        lambda path: zipped(path, *((f"{number}.csv", b"") for number in range(201))),
        "holds 201 files, more than the 200 that an extract may have",
    ),
    (
        lambda path: zipped(path, ("people.csv", b"reference"), how=ZIP_BZIP2),
        "'people.csv' is packed in a rare way: use “deflate”",
    ),
    (encrypt, "'people.csv' is encrypted"),
    (spoil_content, "neither a folder nor a whole zip file"),
    (lambda path: path.write_bytes(b"reference\n"), "neither a folder nor a whole zip file"),
]


@pytest.mark.parametrize(("make", "reason"), HOSTILE_ZIPS, ids=[why for _, why in HOSTILE_ZIPS])
def test_hostile_zip_file_is_refused_and_on_record(
    make: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    make(tmp_path / "night.zip")
    run = refused(tmp_path / "night.zip")
    assert any(told.startswith(f"night.zip: {reason}") for told in run.reasons)
    assert [path.name for path in tmp_path.iterdir()] == ["night.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zip_file_with_a_file_twice_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "night.zip", ("people.csv", b"1"), ("people.csv", b"2"))
    assert refused(path).reasons == ["night.zip: 'people.csv' is there 2 times"]


def test_zip_file_larger_than_the_disk_or_any_borough_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "night.zip", ("people.csv", bytes(3_000_000)))
    monkeypatch.setattr(unpacking, "MOST_BYTES", 2_000_000)
    assert refused(path).reasons == [
        "night.zip: would be 3 MB unpacked, more than the 2 MB of the largest"
    ]


def test_fault_of_the_machine_before_reading_is_on_record(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(IsADirectoryError):
        load(tmp_path)
    run = FeedRun.objects.get()
    assert (run.state, run.reasons) == (
        FeedRun.State.FAILED,
        ["IsADirectoryError: Is a directory"],
    )


def test_extract_says_as_what_it_arrived(tmp_path: Path) -> None:
    assert load(borough(1).write(tmp_path / "2026-11-21")).arrived_as == "2026-11-21"


def test_staff_see_an_extract_that_could_not_be_read(tmp_path: Path) -> None:
    run = refused(tmp_path / "<night>")
    staff = PortalClient()
    staff.sign_in(ResidentFactory(staff=True))
    for address in ("", f"{run.pk}/change/"):
        page = staff.get(f"/admin/feeds/feedrun/{address}")
        assert page.status_code == 200
        assert "&lt;night&gt;, not read" in page.content.decode()
    assert "&lt;night&gt;: there is no such folder or zip file" in page.content.decode()


@pytest.mark.parametrize("state", ["running", "loaded", "unchanged"])
@pytest.mark.parametrize("unknown", [{"source": ""}, {"kind": ""}, {"extracted_at": None}])
def test_database_refuses_unknown_figures_that_residents_see(
    state: str, unknown: dict[str, object]
) -> None:
    values = {"source": "revenues", "extracted_at": FIRST_NIGHT, "kind": "full", "state": state}
    if state != "running":
        values["finished_at"] = FIRST_NIGHT
    with pytest.raises(IntegrityError) as broken:
        FeedRun.objects.create(**{**values, **unknown})
    assert violated_constraint(broken.value) == "feeds_feedrun_known_if_loaded"
