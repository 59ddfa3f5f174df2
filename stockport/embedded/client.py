"""`manage.py dbshell` with the wheel's own psql."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db.backends.postgresql import client

from stockport.embedded import server
from stockport.embedded.cluster import Cluster, binary


class DatabaseClient(client.DatabaseClient):
    """Starts the server, since psql is a process of its own and makes no connection of ours."""

    def runshell(self, parameters: Iterable[str]) -> None:
        server.start(Cluster(Path(self.connection.settings_dict["FOLDER"])))
        self.executable_name = binary("psql")
        super().runshell(parameters)
