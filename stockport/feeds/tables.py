"""How an app declares the files of an extract: `<app>/feed.py` holds TABLES, a tuple of Table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import module_has_submodule


class Type(Enum):
    """What a column holds, and how it is written in the file."""

    TEXT = "text"
    MONEY = "money"  # pounds with two decimals: 1234.50
    DECIMAL = "decimal"  # 53.4106
    INTEGER = "integer"
    DATE = "date"  # 2026-11-23
    BOOLEAN = "boolean"  # true or false


@dataclass(frozen=True)
class Column:
    """One column of a file. It fills the model's field of the same name, where there is one."""

    name: str
    type: Type = Type.TEXT
    required: bool = False
    pattern: str = ""  # a regular expression that the whole text must match
    pattern_hint: str = ""  # and how to say so: "must be a year such as 2026/27"
    keyed: bool = False  # a proof of identity: only its keyed hash is stored (stockport/keyed.py)
    other: str = ""  # a code outside the field's choices becomes this one instead of a refusal


@dataclass(frozen=True)
class Reference:
    """That columns of a file name a row of another declared file, by that file's key."""

    field: str  # the foreign key that they fill
    to: str  # file name
    columns: tuple[str, ...]  # in the order of the other file's key


@dataclass(frozen=True)
class Check:
    """A control total. The SQL gives one row (owner, then values) for each owner that fails it.

    `{accounts}` stands for the staged rows of accounts.csv with the file's own column names,
    typed; `reason` is formatted with the values by name.
    """

    reason: str
    sql: str


@dataclass(frozen=True)
class Shared:
    """An amount that files of two services give, and both show: it must be the same.

    The SQL, over rows as in a Check, each file with an alias, gives owner, subject, part and
    amount: what the amount is about, such as an account, and which part of it, such as a year.
    Whoever states a fact is its subject.
    """

    fact: str
    sql: str


@dataclass(frozen=True)
class Live:
    """Which rows of a list are in use: those with one of these codes in this column."""

    column: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file of an extract, the model that it fills, and what must be true of its rows.

    The model of a file that stands by itself may have a `source` field (rows of one source never
    touch another's) and a `confirmation` (of what time its figures are).
    `owner` names the column with the reference of the row's owner: rows are taken or put in
    quarantine owner by owner. Where it is the file's whole key, the file lists the owners.
    """

    file: str
    model: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()
    owner: str = ""
    checks: tuple[Check, ...] = ()
    states: tuple[Shared, ...] = ()  # facts that the files of other services may repeat
    repeats: tuple[Shared, ...] = ()  # facts that another service's files state
    live: Live | None = None  # rows in use, that the brake on removals counts by themselves
    drops_old_rows: bool = False  # one by one, as payments do: the brake looks for owners of none

    @property
    def name(self) -> str:
        """The file's name without its ending; what SQL checks call it."""
        return self.file.removesuffix(".csv")

    @property
    def lists_owners(self) -> bool:
        """Whether each row of the file is an owner."""
        return self.key == (self.owner,)

    @cached_property
    def model_class(self) -> type[models.Model]:
        """The model, once the apps are loaded."""
        return apps.get_model(self.model)

    @cached_property
    def fields(self) -> dict[str, models.Field[object, object]]:
        """The model's own columns by field name."""
        return {field.name: field for field in self.model_class._meta.concrete_fields}

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """The columns that fill a field of the model."""
        return tuple(
            column
            for column in self.columns
            if column.name in self.fields and not self.fields[column.name].is_relation
        )

    def choices(self, column: Column) -> list[str]:
        """The codes that the column may hold; none where it is free."""
        field = self.fields.get(column.name)
        return [str(value) for value, _ in (field.flatchoices if field else [])]

    def needs(self, column: Column) -> bool:
        """Whether a cell of the column must not be empty.

        An empty one is an empty text, or null where the model allows it.
        """
        field = self.fields.get(column.name)
        needs_value = field is not None and not field.null and column.type is not Type.TEXT
        return column.required or needs_value or column.name in self.key

    def is_never_null(self, column: Column) -> bool:
        """Whether an empty cell is an empty text."""
        field = self.fields.get(column.name)
        return column.type is Type.TEXT and field is not None and not field.null

    @property
    def has_years(self) -> bool:
        """Whether rows are of a year: then those of the oldest years may leave together."""
        return any(column.name == "year" for column in self.columns)

    @property
    def has_source(self) -> bool:
        """Whether rows belong to one source."""
        return "source" in self.fields

    @property
    def is_confirmed(self) -> bool:
        """Whether rows say of what time their figures are."""
        return "confirmation" in self.fields

    @cached_property
    def unique_columns(self) -> tuple[str, ...]:
        """The database columns of the key, for ON CONFLICT: a reference stands for its columns."""
        left = list(self.key)
        columns = ["source"] if self.has_source else []
        for reference in self.references:
            if set(reference.columns) <= set(left):
                columns.append(f"{reference.field}_id")
                left = [name for name in left if name not in reference.columns]
        return (*columns, *left)


@cache
def declared() -> dict[str, Table]:
    """Every declared table by file name, parents before children, in the order of the apps."""
    tables: dict[str, Table] = {}
    for app in settings.FEEDS:
        if module_has_submodule(apps.get_app_config(app).module, "feed"):
            for table in import_module(f"{app}.feed").TABLES:
                tables[table.file] = table
    return tables


def app_of(table: Table) -> str:
    """The app that declared the table."""
    return table.model.split(".")[0]


def owners_of(table: Table) -> Table | None:
    """The table that lists the owners of this one's rows; None where rows have no owner."""
    if not table.owner or table.lists_owners:
        return table if table.owner else None
    for reference in table.references:
        parent = declared()[reference.to]
        named = dict(zip(parent.key, reference.columns, strict=True))
        if parent.owner and named[parent.owner] == table.owner:
            return owners_of(parent)
    return None
