"""What the portal holds of some owners, as rows of an extract's files."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from psycopg import sql

from stockport.feeds.sql import located, records, same
from stockport.feeds.tables import Reference, Table, app_of, declared, owners_of

Row = dict[str, str]
PEOPLE = "people.csv"


def tables_about_people() -> list[Table]:
    """The files of every app that says something of people."""
    tables = declared().values()
    apps = {app_of(table) for table in tables if _names_people(table)} | {app_of(_people())}
    return [table for table in tables if app_of(table) in apps]


def held_rows(source: str, owners: Mapping[str, Collection[str]]) -> dict[str, list[Row]]:
    """Every file's rows of these owners (list to keys); a file without owners has none."""
    rows: dict[str, list[Row]] = {}
    for table in tables_about_people():
        lists = owners_of(table)
        keys = owners.get(lists.name, ()) if lists else ()
        rows[table.file] = _rows(table, source, keys) if keys else []
    return rows


def person_row(source: str, person: str) -> list[Row]:
    """The person's own row, as it is held, without the proofs, of which only hashes are."""
    columns = [
        sql.SQL("'' AS {}").format(_name(column.name))
        if column.keyed
        else sql.SQL("coalesce({}::text, '') AS {}").format(_name(column.name), _name(column.name))
        for column in _people().columns
    ]
    place = located(_people())
    return records(
        sql.SQL("SELECT {} FROM {} WHERE {} AND {} = {}").format(
            sql.SQL(", ").join(columns),
            place.tables,
            place.of_source(source),
            place.keys["reference"],
            sql.Literal(person),
        )
    )


def owners_of_person(source: str, person: str, table: Table) -> set[str]:
    """The keys of the owners that a file names together with this person."""
    link = next(link for link in table.references if link.to == PEOPLE)
    place = located(table)
    found = records(
        sql.SQL("SELECT {} AS owner FROM {} {} WHERE {} AND {} = {}").format(
            place.keys[table.owner],
            place.tables,
            _parent(source, link),
            place.of_source(source),
            sql.Identifier(_alias(link), "reference"),
            sql.Literal(person),
        )
    )
    return {str(row["owner"]) for row in found}


def _people() -> Table:
    return declared()[PEOPLE]


def _names_people(table: Table) -> bool:
    return any(link.to == PEOPLE for link in table.references)


def _alias(link: Reference) -> str:
    return f"h_{link.field}"


def _rows(table: Table, source: str, keys: Collection[str]) -> list[Row]:
    place = located(table)
    values, tables = as_in_file(table, source)
    columns = [
        sql.SQL("coalesce({}::text, '') AS {}").format(values[column.name], _name(column.name))
        for column in table.columns
    ]
    return records(
        sql.SQL("SELECT {} FROM {} WHERE {} AND {} IN ({}) ORDER BY {}").format(
            sql.SQL(", ").join(columns),
            tables,
            place.of_source(source),
            place.keys[table.owner],
            sql.SQL(", ").join(sql.Literal(key) for key in sorted(keys)),
            sql.SQL(", ").join(place.keys[name] for name in table.key),
        )
    )


def as_in_file(
    table: Table, source: str, *, by_number: bool = False
) -> tuple[dict[str, sql.Composable], sql.Composable]:
    """What each of the file's columns is in the database, and the tables that have it, for FROM."""
    place = located(table, by_number=by_number)
    values = dict(place.keys)
    joins = [place.tables]
    for column in table.stored:
        values.setdefault(column.name, sql.Identifier("t", column.name))
    for link in table.references:
        missing = [name for name in link.columns if name not in values]
        if missing:
            joins.append(_parent(source, link))
            named = dict(zip(link.columns, declared()[link.to].key, strict=True))
            values |= {name: sql.Identifier(_alias(link), named[name]) for name in missing}
    return values, sql.SQL(" ").join(joins)


def _name(column: str) -> sql.Identifier:
    return sql.Identifier(column)


def _parent(source: str, link: Reference) -> sql.Composable:
    """What a foreign key points to, with the columns of its key under their own names."""
    parent = declared()[link.to]
    place = located(parent)
    return sql.SQL("LEFT JOIN (SELECT t.id, {} FROM {} WHERE {}) AS {} ON {}").format(
        sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(place.keys[name], _name(name)) for name in parent.key
        ),
        place.tables,
        place.of_source(source),
        _name(_alias(link)),
        same(_alias(link), "t", [("id", f"{link.field}_id")]),
    )
