"""The outbox."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate


class OutboxConfig(AppConfig):
    name = "stockport.outbox"

    def ready(self) -> None:
        """Have the e-mail destination made with the tables, also after a flush."""
        post_migrate.connect(make_email_destination, sender=self)


def make_email_destination(using: str, apps: Any = current_apps, **kwargs: Any) -> None:
    """The destination that send_email names."""
    try:
        destinations = apps.get_model("outbox", "Destination")._default_manager
    except LookupError:
        return
    destinations.using(using).get_or_create(
        slug="email", defaults={"name": "E-mail", "connector": "email"}
    )
