"""Files are looked through by ClamAV where it is set; silence is not a clean file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from stockport.scanning import PIECE, Infected, ScannerSilent, scan
from tests.clamd import FakeClamd, running_clamd


@pytest.fixture
def clamd(settings: Settings) -> Iterator[FakeClamd]:
    with running_clamd() as daemon:
        settings.CLAMD_ADDRESS = daemon.address
        yield daemon


def test_whole_file_is_scanned_piece_by_piece(clamd: FakeClamd) -> None:
    content = bytes(range(256)) * (PIECE // 100)
    scan(content)
    assert clamd.scanned == [content]


def test_virus_is_named(clamd: FakeClamd) -> None:
    with pytest.raises(Infected, match=r"^Eicar-Signature$"):
        scan(b"... EICAR ...")


@pytest.mark.parametrize("says", ["INSTREAM size limit exceeded. ERROR", " ", "stream: OK?"])
def test_any_other_answer_is_not_a_clean_file(clamd: FakeClamd, says: str) -> None:
    clamd.says = says
    with pytest.raises(ScannerSilent):
        scan(b"a page")


def test_scanner_that_is_away_is_not_a_clean_file(settings: Settings) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    with pytest.raises(ScannerSilent, match="could not be asked"):
        scan(b"a page")


def test_without_a_scanner_nothing_is_asked(settings: Settings) -> None:
    settings.CLAMD_ADDRESS = ""
    scan(b"EICAR")
