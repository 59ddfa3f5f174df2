"""The people of an extract."""

from stockport.feeds.tables import Column, Table, Type

TABLES = (
    Table(
        file="people.csv",
        model="accounts.Person",
        key=("reference",),
        columns=(
            Column("reference", required=True),
            Column("title"),
            Column("forenames"),
            Column("surname", required=True),
            Column("date_of_birth", Type.DATE),
            Column("postcode"),
        ),
    ),
)
