"""`manage.py let_portal_in`, after `migrate`: PORTAL_DATABASE_URL may read and write rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management.base import BaseCommand, CommandError

from stockport.operations.login import OwnsTooMuch, let_in
from stockport.settings import env


class Command(BaseCommand):
    """Signed in as the owner of the tables, make the login that the portal runs with."""

    help = "Makes the login of PORTAL_DATABASE_URL, which reads and writes rows and owns nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        named = urlsplit(env.text("PORTAL_DATABASE_URL", ""))
        login, password = unquote(named.username or ""), unquote(named.password or "")
        if not (login and password):
            raise CommandError("Set PORTAL_DATABASE_URL, with a login and its password.")
        try:
            let_in(login, password)
        except OwnsTooMuch:
            raise CommandError(
                f"{login} is a superuser or owns tables. Name another login in PORTAL_DATABASE_URL."
            ) from None
        self.stdout.write(f"{login} may read and write rows.")
