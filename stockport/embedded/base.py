"""Django's database engine for the embedded server: the first connection starts it.

`check`, `collectstatic` and mypy never connect, so they never start a server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from stockport.embedded import server
from stockport.embedded.client import DatabaseClient
from stockport.embedded.cluster import Cluster, EmbeddedError


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL's wrapper; the setting FOLDER is the cluster's, HOST that of its socket."""

    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        cluster = Cluster(Path(self.settings_dict["FOLDER"]))
        try:
            server.use(cluster)
            try:
                return super().get_new_connection(conn_params)
            except self.Database.OperationalError:
                server.start(cluster)
        except EmbeddedError as error:
            raise OperationalError(str(error)) from None
        return super().get_new_connection(conn_params)
