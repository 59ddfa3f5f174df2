"""The demo borough's extracts on several days."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.demo.extracts import DAYS, Files, writer


@pytest.fixture(scope="session")
def extract_of(tmp_path_factory) -> Callable[..., Files]:
    return writer(tmp_path_factory.mktemp("extracts"))


@pytest.fixture(params=DAYS, ids=str)
def day(request) -> date:
    return request.param


@pytest.fixture
def extract(day, extract_of) -> Files:
    return extract_of(day)
