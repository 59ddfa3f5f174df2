"""The people of an extract."""

from stockport.feeds.tables import Column, Table, Type

THREE_DIGITS = "must be the last 3 digits, such as 042"

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
            Column("address"),
            Column("online_key", keyed=True),
            Column("phone_last3", pattern=r"^\d{3}$", pattern_hint=THREE_DIGITS, keyed=True),
            Column("bank_last3", pattern=r"^\d{3}$", pattern_hint=THREE_DIGITS, keyed=True),
            Column("ni_number", keyed=True),
        ),
    ),
)
