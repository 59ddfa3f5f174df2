"""What is refused, with every reason; the figures before it stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import make_archive

import pytest
from django.core.management import CommandError, call_command

from council_tax.models import Account, Instalment
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun
from tests.factories.extract import ExtractFolder, borough, reference_of, rewrite, save_manifest

pytestmark = pytest.mark.django_db


def refusals(folder: Path) -> list[str]:
    """Every reason, after making sure that nothing of the extract was kept."""
    before = Account.objects.count(), Instalment.objects.count()
    with pytest.raises(ExtractRefused) as refused:
        load(folder)
    assert (Account.objects.count(), Instalment.objects.count()) == before
    return [str(reason) for reason in refused.value.reasons]


def cell(file: str, column: str, value: str, index: int = 0) -> Callable[[ExtractFolder], None]:
    def change(extract: ExtractFolder) -> None:
        extract.row(file, index)[column] = value

    return change


BAD_CELLS = [
    (
        cell("instalments.csv", "number", "01"),
        "instalments.csv, line 2, column number: must be a whole number",
    ),
    (
        cell("people.csv", "date_of_birth", "1980-02-30"),
        "people.csv, line 2, column date_of_birth: must be a real date as 2026-11-23",
    ),
    (
        cell("accounts.csv", "opened", "01/04/2020"),
        "accounts.csv, line 2, column opened: must be a real date as 2026-11-23",
    ),
    (cell("accounts.csv", "opened", ""), "accounts.csv, line 2, column opened: must not be empty"),
    (
        cell("accounts.csv", "balance", "£720"),
        "accounts.csv, line 2, column balance: must be pounds as 1234.50",
    ),
    (
        cell("accounts.csv", "balance", "720.5"),
        "accounts.csv, line 2, column balance: must be pounds as 1234.50",
    ),
    (
        cell("accounts.csv", "status", "live"),
        "accounts.csv, line 2, column status: must be one of open, closed",
    ),
    (
        cell("accounts.csv", "arrangement", "yes"),
        "accounts.csv, line 2, column arrangement: must be true or false",
    ),
    (
        cell("accounts.csv", "payment_day", "1st"),
        "accounts.csv, line 2, column payment_day: must be a whole number",
    ),
    (
        cell("accounts.csv", "payment_day", "40000"),
        "accounts.csv, line 2, column payment_day: must be between 0 and 32767",
    ),
    (
        cell("accounts.csv", "property", "R9"),
        "accounts.csv, line 2, column property: no such row in properties.csv",
    ),
    (
        cell("liabilities.csv", "person", "P9", 1),
        "liabilities.csv, line 3, column person: no such row in people.csv",
    ),
    (
        cell("charge_lines.csv", "sequence", "2"),
        "charge_lines.csv, line 2, column account + year + sequence:"
        " no such row in charge_periods.csv",
    ),
    (
        cell("charge_periods.csv", "year", "2026-27"),
        "charge_periods.csv, line 2, column year: must be a year as 2026/27",
    ),
    (
        cell("charge_lines.csv", "percent", "25%"),
        "charge_lines.csv, line 2, column percent: must be a number as 53.41",
    ),
    (
        cell("charge_lines.csv", "percent", "12345.5"),
        "charge_lines.csv, line 2, column percent: must have 4 digits or fewer before the point",
    ),
    (
        cell("instalments.csv", "number", "1", 4),
        "instalments.csv, line 6, column account + year + number:"
        " the same key is on an earlier line",
    ),
    (
        cell("people.csv", "title", "Very long title indeed"),
        "people.csv, line 2, column title: must have 20 characters or fewer",
    ),
    (
        cell("people.csv", "surname", "Shaw\nJones"),
        "people.csv, line 2, column surname: must not hold line breaks or control characters",
    ),
    (
        cell("documents.csv", "person", "P9"),
        "documents.csv, line 2, column person: no such row in people.csv",
    ),
    (
        cell("documents.csv", "sha256", "9F86D0"),
        "documents.csv, line 2, column sha256: must be 64 digits from 0 to f, in small letters",
    ),
    (
        cell("elements.csv", "amount", "-1.00"),
        "elements.csv, line 2: An element cannot be below zero.",
    ),
]


@pytest.mark.parametrize(("spoil", "reason"), BAD_CELLS, ids=[reason for _, reason in BAD_CELLS])
def test_bad_cell_is_refused_with_file_line_and_column(
    spoil: Callable[[ExtractFolder], None], reason: str, tmp_path: Path
) -> None:
    extract = borough(2)
    spoil(extract)
    assert reason in refusals(extract.write(tmp_path))


def test_every_reason_is_told_and_not_only_the_first(tmp_path: Path) -> None:
    extract = borough(3)
    extract.row("people.csv", 2)["date_of_birth"] = "yesterday"
    extract.row("accounts.csv", 1)["balance"] = "lots"
    extract.row("instalments.csv", 4)["due"] = "2026-13-01"
    told = refusals(extract.write(tmp_path))
    assert [reason.split(":")[0] for reason in told] == [
        "accounts.csv, line 3, column balance",
        "instalments.csv, line 6, column due",
        "people.csv, line 4, column date_of_birth",
    ]


def test_hundreds_of_equal_reasons_are_counted(tmp_path: Path) -> None:
    extract = borough(30)
    for row in extract.rows["instalments.csv"]:
        row["due"] = "soon"
    told = refusals(extract.write(tmp_path))
    assert len(told) == 101
    assert "instalments.csv, column due: must be a real date as 2026-11-23 (200 more lines)" in told


def test_truncated_file_is_refused(tmp_path: Path) -> None:
    folder = borough().write(tmp_path)
    path = folder / "transactions.csv"
    path.write_bytes(path.read_bytes()[:-40])
    told = refusals(folder)
    assert "transactions.csv: its SHA-256 is not the manifest's: changed or cut off" in told
    assert any(reason.startswith("transactions.csv, line 13:") for reason in told)


def test_changed_file_is_refused(tmp_path: Path) -> None:
    folder = borough().write(tmp_path)
    path = folder / "accounts.csv"
    path.write_text(path.read_text("utf-8").replace("720.00", "620.00", 1), "utf-8")
    assert "accounts.csv: its SHA-256 is not the manifest's: changed or cut off" in refusals(folder)


def test_wrong_number_of_rows_is_refused(tmp_path: Path) -> None:
    extract = borough()
    folder = extract.write(tmp_path)
    extract.manifest["files"]["people.csv"]["rows"] = 5  # type: ignore[index]
    save_manifest(folder, extract.manifest)
    assert refusals(folder) == ["people.csv: 4 rows, but the manifest says 5"]


def test_missing_unknown_and_repeated_columns_are_refused(tmp_path: Path) -> None:
    folder = borough().write(tmp_path)
    rewrite(folder, "people.csv", "date_of_birth", "dob")
    rewrite(folder, "accounts.csv", "opened,closed", "opened,opened")
    told = refusals(folder)
    assert "people.csv, line 1, column date_of_birth: the column is missing" in told
    assert "people.csv, line 1, column dob: nobody declares this column" in told
    assert "accounts.csv, line 1, column closed: the column is missing" in told
    assert "accounts.csv, line 1, column opened: the column is there twice" in told


def test_columns_may_come_in_any_order(tmp_path: Path) -> None:
    folder = borough().write(tmp_path)
    path = folder / "elements.csv"
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    rewrite(
        folder,
        "elements.csv",
        path.read_text("utf-8"),
        "\n".join(",".join(reversed(line)) for line in lines) + "\n",
    )
    assert load(folder).state == FeedRun.State.LOADED


def test_line_with_too_few_values_is_refused_without_its_content(tmp_path: Path) -> None:
    folder = borough().write(tmp_path)
    rewrite(folder, "people.csv", "P2,,Ada,Shaw,,", "P2,Ada,Shaw")
    (told,) = refusals(folder)
    assert told == "people.csv, line 3: the line does not have the header's columns"


def test_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    extract = borough()
    extract.row("people.csv", 1)["surname"] = "René"
    folder = extract.write(tmp_path)
    path = folder / "people.csv"
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    told = refusals(folder)
    assert "people.csv, line 3: the line is not UTF-8" in told


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("", "manifest.json: the file is not JSON in UTF-8"),
        ("[]", "manifest.json: the file must hold one JSON object"),
        ("{}", "manifest.json, column source: must name the source in 40 characters or fewer"),
        (
            '{"source": "r"}',
            "manifest.json, column extracted_at:"
            " must be a time with its offset, as 2026-11-23T02:00:00+00:00",
        ),
        (
            '{"source": "r", "extracted_at": "2026-11-23T02:00:00"}',
            "manifest.json, column extracted_at:"
            " must be a time with its offset, as 2026-11-23T02:00:00+00:00",
        ),
        (
            '{"source": "r", "extracted_at": "2026-11-23T02:00:00Z", "kind": "half"}',
            "manifest.json, column kind: must be full or delta",
        ),
        (
            '{"source": "r", "extracted_at": "2026-11-23T02:00:00Z", "kind": "full"}',
            "manifest.json, column files: must list the files",
        ),
        (
            '{"source": "r", "extracted_at": "2026-11-23T02:00:00Z", "kind": "full",'
            ' "files": {"people.csv": 3}}',
            "manifest.json, column files: people.csv needs its rows and its sha256",
        ),
    ],
)
def test_manifest_that_cannot_be_followed_is_refused(
    manifest: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    assert reason in refusals(tmp_path)


def test_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path) == ["manifest.json: the file is missing"]


def test_cut_off_zip_file_is_refused(tmp_path: Path) -> None:
    borough().write(tmp_path / "night")
    archive = Path(make_archive(str(tmp_path / "night"), "zip", tmp_path / "night"))
    archive.write_bytes(archive.read_bytes()[:-100])
    assert refusals(archive) == ["night.zip: neither a folder nor a whole zip file"]


def test_files_that_are_missing_unlisted_or_unknown_are_refused(tmp_path: Path) -> None:
    extract = borough()
    folder = extract.write(tmp_path)
    (folder / "liabilities.csv").unlink()
    (folder / "parking.csv").write_text("reference\n", "utf-8")
    del extract.manifest["files"]["instalments.csv"]  # type: ignore[attr-defined]
    extract.manifest["files"]["dogs.csv"] = {"rows": 0, "sha256": ""}  # type: ignore[index]
    save_manifest(folder, extract.manifest)
    told = refusals(folder)
    assert FeedRun.objects.get().reasons == told
    assert told == [
        "dogs.csv: no app of the portal declares this file",
        "instalments.csv: the file is missing from the manifest",
        "liabilities.csv: the manifest lists the file, but it is missing",
        "instalments.csv: the manifest does not list this file",
        "parking.csv: the manifest does not list this file",
    ]


def test_extract_without_half_of_the_accounts_is_refused(tmp_path: Path) -> None:
    load(borough(10).write(tmp_path / "1"))
    half = borough(10, night=1).without(*(reference_of(n) for n in range(6, 11)))
    assert refusals(half.write(tmp_path / "2")) == [
        "accounts.csv: 5 of 10 rows would go, more than the 10% that one extract may remove"
    ]


def test_extract_older_than_the_one_loaded_is_refused(tmp_path: Path) -> None:
    load(borough(night=1).write(tmp_path / "2"))
    (reason,) = refusals(borough(night=0).write(tmp_path / "1"))
    assert reason.startswith(
        "manifest.json, column extracted_at: older than the extract of 2026-11-22"
    )


def test_refused_extract_is_kept_on_record_with_its_reasons(tmp_path: Path) -> None:
    extract = borough()
    extract.row("people.csv")["surname"] = ""
    refusals(extract.write(tmp_path))
    run = FeedRun.objects.get()
    assert run.state == FeedRun.State.REFUSED
    assert run.reasons == ["people.csv, line 2, column surname: must not be empty"]


def test_staff_read_every_reason_on_the_command_line(tmp_path: Path) -> None:
    extract = borough()
    extract.row("people.csv")["surname"] = ""
    with pytest.raises(CommandError, match=r"the old figures stay\.\npeople\.csv, line 2"):
        call_command("load_extract", extract.write(tmp_path))


def test_refused_extract_leaves_the_old_figures(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    second = borough(night=1)
    second.row("accounts.csv")["stage"] = "reminder"
    second.row("people.csv", 3)["surname"] = ""
    refusals(second.write(tmp_path / "2"))
    assert Account.objects.filter(stage="bill").count() == 4
