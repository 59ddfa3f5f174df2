"""Fixtures and guards for every test."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests import cache, migrated
from tests.client import PortalClient
from tests.emptying import flush_may_empty
from tests.estate import Estate
from tests.factories.accounts import ResidentFactory
from tests.guards import no_network, unknown_variables_fail
from tests.kept_rows import keep_whole_tables
from tests.scheduling import OneTellsStories

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoDbBlocker, Settings
    from xdist.remote import Producer

    from accounts.models import Resident


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneTellsStories | None:
    """Ours for `make thorough`."""
    return OneTellsStories(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session", autouse=True)
def stays_here() -> Iterator[None]:
    """No test reaches another machine."""
    with no_network():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> str:
    """The databases of tests are copies of a migrated one; gives its name."""
    with django_db_blocker.unblock():
        name = migrated.template()
    connection.settings_dict["TEST"]["TEMPLATE"] = name
    keep_whole_tables()
    return name


@pytest.fixture(scope="session", autouse=True)
def between_tests_records_go() -> Iterator[None]:
    """What transactional tests wrote down does not stay for the next."""
    with flush_may_empty():
        yield


@pytest.fixture(autouse=True)
def says_what_is_missing() -> Iterator[None]:
    """No template of ours prints what is not there. Settings of a test may make new engines."""
    with unknown_variables_fail():
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that empties the tables puts back what migrations wrote.

    One that did not would leave rows that the next one's putting back runs into.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        empties = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if empties or (marker and marker.kwargs.get("transaction")):
            keep = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(keep, append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one: CI has all that a test can need."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI skips nothing: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    """No test sees what another cached or counted."""
    cache.forget()


@pytest.fixture
def portal(db: None) -> PortalClient:
    """Somebody who has not signed in; `portal.sign_in(resident)` changes that."""
    return PortalClient()


@pytest.fixture
def resident(db: None) -> Resident:
    """A resident with an account and the password "correct horse battery"."""
    return ResidentFactory.create()


@pytest.fixture
def verified(resident: Resident) -> Resident:
    """A resident whose e-mail address is confirmed, as after signing up."""
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    return resident


@pytest.fixture
def signed_in(portal: PortalClient, resident: Resident) -> PortalClient:
    """The resident, who has signed in."""
    portal.sign_in(resident)
    return portal


@pytest.fixture
def estate(resident: Resident, settings: Settings, tmp_path: Path) -> Estate:
    """One of everything of the resident's, with files that do not outlive the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return Estate(resident)
