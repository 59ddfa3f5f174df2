"""The demo borough's extracts."""

from collections.abc import Callable

import pytest

from tests.demo.extracts import Files, writer


@pytest.fixture(scope="session")
def extract_of(tmp_path_factory) -> Callable[..., Files]:
    return writer(tmp_path_factory.mktemp("extracts"))
