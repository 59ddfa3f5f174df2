"""Of what time figures are: the extract's, for every owner that it does not keep back."""

from __future__ import annotations

from psycopg import sql

from stockport.feeds.extract import Extract
from stockport.feeds.models import Confirmation, FeedRun
from stockport.feeds.sql import located, run, target
from stockport.feeds.tables import Table

CONFIRMATIONS = sql.Identifier(Confirmation._meta.db_table)


def confirmation_of(extract: Extract, table: Table) -> int:
    """The number of the row that what is written now points to.

    What is asked for one person has one of its own: nobody else's figures are of that time.
    """
    source, at = extract.source, extract.extracted_at
    if extract.kind == FeedRun.Kind.PERSON:
        row, _ = Confirmation.objects.get_or_create(
            source=source, table=table.name, at=at, is_newest=False
        )
    else:
        row, _ = Confirmation.objects.get_or_create(
            source=source, table=table.name, is_newest=True, defaults={"at": at}
        )
    return row.pk


def first_confirmation_of(extract: Extract, table: Table) -> int:
    """The same where the table holds nothing yet: nobody's figures are of an earlier time."""
    row, _ = Confirmation.objects.update_or_create(
        source=extract.source,
        table=table.name,
        is_newest=True,
        defaults={"at": extract.extracted_at},
    )
    return row.pk


def confirm(extract: Extract, table: Table, still_holds: sql.Composable) -> None:
    """Rows that still hold (as `t`) are of this extract's time; the others keep theirs."""
    ours = confirmation_of(extract, table)
    if extract.kind != FeedRun.Kind.PERSON:
        _keep_time(table, ours, sql.SQL("NOT ({})").format(still_holds))
        Confirmation.objects.filter(pk=ours).update(at=extract.extracted_at)
    _point(table, ours, still_holds, extract.source)
    _forget_unused(table)


def _keep_time(table: Table, newest: int, kept_back: sql.Composable) -> None:
    """Rows that the newest extract no longer confirms get a row with the time before it."""
    row = Confirmation.objects.get(pk=newest)
    row.pk, row.is_newest = None, False
    row.save(force_insert=True)
    run(
        sql.SQL("UPDATE {} AS t SET confirmation_id = {} WHERE confirmation_id = {} AND {}").format(
            target(table), sql.Literal(row.pk), sql.Literal(newest), kept_back
        )
    )


def _point(table: Table, ours: int, still_holds: sql.Composable, source: str) -> None:
    """Only few point elsewhere: each night those that were kept back and now add up."""
    run(
        sql.SQL(
            "UPDATE {} AS t SET confirmation_id = {} WHERE {} AND {} AND confirmation_id IN"
            ' (SELECT id FROM {} WHERE source = {} AND "table" = {} AND id <> {})'
        ).format(
            target(table),
            sql.Literal(ours),
            located(table).of_source(source),
            still_holds,
            CONFIRMATIONS,
            sql.Literal(source),
            sql.Literal(table.name),
            sql.Literal(ours),
        )
    )


def _forget_unused(table: Table) -> None:
    run(
        sql.SQL(
            'DELETE FROM {} AS c WHERE NOT is_newest AND "table" = {}'
            " AND NOT EXISTS (SELECT FROM {} AS t WHERE t.confirmation_id = c.id)"
        ).format(CONFIRMATIONS, sql.Literal(table.name), target(table))
    )
