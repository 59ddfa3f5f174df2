"""The login that the portal runs with: it reads and writes rows, and owns nothing.

`migrate` signs in as the owner of the tables, and makes it. What takes an owner, to switch a
trigger off or to empty a table, the portal then cannot do, whatever somebody makes it run.
Source: OWASP ASVS 5.0, 13.2.2 (each component with the least privilege that it needs).
"""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import sql

ROWS = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {login}"
OTHERS = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {login}",
    "GRANT USAGE ON SCHEMA public TO {login}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {login}",
    # Which migrations have run is for who runs them to say.
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {login}",
)


class OwnsTooMuch(Exception):
    """The login may do more than read and write rows, so it is no help."""


@transaction.atomic
def let_in(login: str, password: str) -> None:
    """Make the login, or give it this password, and let it read and write every row.

    Raises OwnsTooMuch for a superuser, and for who owns tables of the portal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [login])
        found = cursor.fetchone()
        if found and (found[0] or _owns_tables(login)):
            raise OwnsTooMuch(login)
        names = {
            "login": sql.Identifier(login),
            "database": sql.Identifier(str(connection.settings_dict["NAME"])),
            "password": sql.Literal(password),
        }
        how = "ALTER" if found else "CREATE"
        made = f"{how} ROLE {{login}} LOGIN PASSWORD {{password}}"
        for statement in (made, ROWS, *OTHERS):
            cursor.execute(sql.SQL(statement).format(**names).as_string())


def _owns_tables(login: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner"
            " WHERE rolname = %s AND relnamespace = 'public'::regnamespace)",
            [login],
        )
        (owns,) = cursor.fetchone()
        return bool(owns)
