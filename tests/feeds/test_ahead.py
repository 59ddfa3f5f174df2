"""The second process, which reads a first load's files ahead."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from accounts.models import Person
from council_tax.models import Account
from stockport.feeds import ahead, first_load
from stockport.feeds.ahead import File, reading_ahead
from stockport.feeds.direct import Ids, Lines
from stockport.feeds.loader import load
from stockport.feeds.manifest import extract_of, read_manifest
from stockport.feeds.models import FeedRun
from stockport.feeds.plain import header_of_plain
from tests.factories.extract import FIRST_NIGHT, borough
from tests.factories.feeds import ConfirmationFactory

pytestmark = pytest.mark.django_db

# More than a pipe takes: the reader then waits for somebody to take it.
MANY = 50_000
PATIENCE = 30  # seconds
FORK = multiprocessing.get_context("fork")


def test_reader_that_is_killed_leaves_nothing_half_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_load, "WORTH_IT", 1)
    read_one = ahead._read_one

    def die_after_the_accounts(file: File, waiting: ahead.Waiting) -> None:
        if file.path.name == "people.csv":
            time.sleep(0.2)  # what was read before is on its way
            os.kill(os.getpid(), signal.SIGKILL)
        read_one(file, waiting)

    monkeypatch.setattr(ahead, "_read_one", die_after_the_accounts)
    with pytest.raises(ChildProcessError):
        load(borough().write(tmp_path))
    assert not Person.objects.exists()
    assert not Account.objects.exists()
    run = FeedRun.objects.get()
    assert (run.state, run.reasons) == (FeedRun.State.FAILED, ["ChildProcessError"])


def test_files_that_are_slow_to_read_come_last_but_after_what_they_refer_to(
    tmp_path: Path,
) -> None:
    folder = borough().write(tmp_path)
    tables = first_load._slow_ones_last(
        extract_of(folder, read_manifest(folder), FIRST_NIGHT).tables
    )
    files = [table.file for table in tables]
    assert (
        files.index("transactions.csv") < files.index("people.csv") < files.index("documents.csv")
    )
    for table in tables:
        assert all(files.index(link.to) < files.index(table.file) for link in table.references)


def test_figures_of_a_first_load_are_of_its_time_whatever_was_there_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_load, "WORTH_IT", 1)
    ConfirmationFactory(source="revenues", table="accounts", is_newest=True)
    run = load(borough().write(tmp_path))
    assert {account.as_at for account in Account.objects.all()} == {run.extracted_at}


def test_loader_that_is_killed_leaves_no_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "AHEAD", 1)
    file = people(tmp_path)
    # Both processes keep an end of this pipe open, and nobody else: it ends with the last of them.
    held, holding = FORK.Pipe(duplex=False)
    loader = FORK.Process(target=begin, args=(file, holding))
    loader.start()
    holding.close()
    assert held.recv_bytes() == b"reading"
    assert loader.pid
    os.kill(loader.pid, signal.SIGKILL)
    loader.join()
    assert select.select([held], [], [], PATIENCE)[0]
    with pytest.raises(EOFError):
        held.recv_bytes()


def people(folder: Path) -> File:
    """A file of many people."""
    rows = borough()
    rows.rows["people.csv"] = [{"reference": f"P{n}", "surname": "Shaw"} for n in range(MANY)]
    extract = extract_of(rows.write(folder), read_manifest(folder), FIRST_NIGHT)
    table = next(table for table in extract.tables if table.file == "people.csv")
    path = folder / table.file
    lines = Lines(
        extract, table, header_of_plain(path, table), {each.file: Ids() for each in extract.tables}
    )
    return File(path, extract.files[table.file], lines, 1)


def begin(file: File, holding: Connection) -> None:
    """Be a loader that takes one piece and then has other things to do."""
    with reading_ahead([file]) as reader:
        next(reader.next_file())
        holding.send_bytes(b"reading")
        time.sleep(PATIENCE)
