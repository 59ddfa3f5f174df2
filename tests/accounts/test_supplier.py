"""The council changes the supplier of its system: residents stay linked to the same people."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Person, PersonLink, Resident
from council_tax.models import Account
from stockport.feeds.loader import load
from tests.factories.accounts import PersonLinkFactory
from tests.factories.extract import ExtractFolder, borough

pytestmark = pytest.mark.django_db
NEW = "newrev"


@pytest.fixture
def night(tmp_path: Path) -> ExtractFolder:
    """The last night of the old supplier, loaded."""
    night = borough()
    load(night.write(tmp_path / "last"))
    return night


def write(folder: Path, **files: dict[str, str]) -> Path:
    """The lists of old and new references."""
    folder.mkdir(exist_ok=True)
    for name, pairs in files.items():
        lines = ["old,new", *(f"{old},{new}" for old, new in pairs.items())]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder


def renamed(extract: ExtractFolder) -> dict[str, str]:
    """A new reference for everybody: the numbers of the old ones, shifted by one."""
    people = [row["reference"] for row in extract.rows["people.csv"]]
    return dict(zip(people, [*people[1:], people[0]], strict=True))


def test_links_survive_another_supplier_and_its_first_extract(
    night: ExtractFolder, resident: Resident, tmp_path: Path
) -> None:
    people = renamed(night)
    person = Person.objects.get(reference=night.row("people.csv")["reference"])
    link = PersonLinkFactory.create(resident=resident, person=person)
    before = set(Account.objects.for_resident(resident).values_list("pk", flat=True))
    call_command("change_supplier", "revenues", NEW, write(tmp_path / "lists", people=people))
    first = borough(night=1)
    first.source = NEW
    for rows in first.rows.values():
        for row in rows:
            row.update({column: people.get(value, value) for column, value in row.items()})
    counts = load(first.write(tmp_path / "first")).counts
    # Letters have references with their person's in them, and nothing else is different.
    assert [file for file in counts if counts[file]["added"] or counts[file]["removed"]] == []
    person.refresh_from_db()
    assert (person.source, person.reference) == (NEW, people[night.row("people.csv")["reference"]])
    assert PersonLink.objects.for_resident(resident).active().get() == link
    assert before == set(Account.objects.for_resident(resident).values_list("pk", flat=True))
    assert not Person.objects.filter(source="revenues").exists()
    assert "revenues to newrev" in AuditEvent.objects.get(kind="supplier_changed").detail


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ({"people": {"P404": "N1"}}, "people.csv: not held: P404"),
        ({"houses": {"a": "b"}}, "houses.csv is none of"),
        ({"people": {"": "N1"}}, "each line is old,new"),
    ],
)
def test_list_that_cannot_be_right_changes_nothing(
    night: ExtractFolder, tmp_path: Path, pairs: dict[str, dict[str, str]], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("change_supplier", "revenues", NEW, write(tmp_path / "lists", **pairs))
    assert not Person.objects.filter(source=NEW).exists()


def test_two_people_never_get_one_reference(night: ExtractFolder, tmp_path: Path) -> None:
    one, other = (row["reference"] for row in night.rows["people.csv"][:2])
    for pairs, said in (({one: other}, "in use"), ({one: "N1", other: "N1"}, "more than once")):
        with pytest.raises(CommandError, match=said):
            lists = write(tmp_path / "lists", people=pairs)
            call_command("change_supplier", "revenues", NEW, lists)


def test_change_is_made_once(night: ExtractFolder, tmp_path: Path) -> None:
    lists = write(tmp_path / "lists")
    call_command("change_supplier", "revenues", NEW, lists)
    with pytest.raises(CommandError, match="there are rows of newrev already"):
        call_command("change_supplier", "revenues", NEW, lists)
    with pytest.raises(CommandError, match="There is nothing of revenues"):
        call_command("change_supplier", "revenues", "third", lists)
