"""The demo residents' households loaded from their extract, and the same households as a Civica."""

from datetime import date
from threading import Thread

import pytest
import time_machine

from stockport.demo import borough
from stockport.demo.civica.borough import letters_by_reference
from stockport.demo.civica.office import Office, rows_of
from stockport.demo.civica.server import Server
from stockport.demo.households import households
from stockport.demo.residents import DEMO_RESIDENTS
from stockport.feeds.loader import load

DAY = date(2026, 11, 23)
FIRST = 1 + max(demo.household or 0 for demo in DEMO_RESIDENTS)
MORNING = "2026-11-23T09:00:00+00:00"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(borough, "households", lambda seed: households(seed)[:FIRST])
        return borough.write_revenues(tmp_path_factory.mktemp("revenues"), DAY)


@pytest.fixture(scope="session")
def letters():
    return letters_by_reference(households(borough.SEED)[:FIRST], DAY)


@pytest.fixture
def civica(db, folder, letters, settings, tmp_path):
    """A Civica that knows what the extract says; the extract is loaded, and it is the morning."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(MORNING):
        load(folder)
        server = Server(0, Office(rows_of(folder), dict(letters)))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.CIVICA_URL = server.url
        yield server
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
