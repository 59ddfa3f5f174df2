"""The OpenAPI description says what the server does, whatever it is sent.

Schemathesis makes calls by it, good ones and bad ones, and checks each answer in all its ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from street_reports.open311.urls import urlpatterns
from tests.factories.street_reports import QuestionFactory, ReportFactory, UpdateFactory

OPENAPI = yaml.safe_load((settings.BASE_DIR / "docs/open311.openapi.yaml").read_text("utf-8"))
CONFIG = SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
SCHEMA = schemathesis.openapi.from_dict(OPENAPI, config=CONFIG)
SCHEMA.app = get_wsgi_application()
OPERATIONS = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations()}
EACH = 15  # calls of each operation, and as many bad ones
NOW = "2026-11-01T12:00:00+01:00"
# What no description can say: which keys and services there are, which times belong together.
KNOWN = {
    "api_key": "fixmystreet.secret", "service_code": "light-out", "email": "zoe@example.org",
    "start_date": NOW, "end_date": NOW, "updated_after": NOW, "updated_before": NOW,
    "updated_datetime": NOW,
}  # fmt: skip


def test_description_has_the_addresses_and_methods_of_the_server() -> None:
    names = re.compile(r"<(?:\w+:)?(\w+)>")
    routes = {
        "/" + names.sub(r"{\1}", str(entry.pattern)).replace("{form}", "{format}")
        for entry in urlpatterns
        if entry.name != "nowhere"
    }
    assert routes == set(OPENAPI["paths"])


def test_other_methods_than_those_described_are_refused(app: Any) -> None:
    for path, operations in OPENAPI["paths"].items():
        if path.startswith("/photos"):
            continue
        address = f"/open311/v2{path}".replace("{format}", "json")
        for method in ("get", "post", "put", "delete", "patch"):
            status = getattr(app.client, method)(re.sub(r"{\w+}", "x", address)).status_code
            assert (status == 405) == (method not in operations), (method, path)


@pytest.fixture
def _one_connection(db: None) -> Iterator[None]:
    """The calls are made in the transaction of the test: none of them closes its connection."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def make_good(case: Any, asset_id: str) -> None:
    """Beside what the description says: known codes, a place that there is, and no false photo."""
    for sent in (case.query, case.body):
        if isinstance(sent, dict):
            sent |= {name: KNOWN[name] for name in KNOWN.keys() & sent.keys()}
    if isinstance(case.body, dict) and "service_code" in case.body:
        case.body |= {"lat": 53.4, "long": -2.16, "attribute[central_asset_id]": asset_id}
        case.body.pop("media", None)


@pytest.mark.usefixtures("_one_connection", "app", "teams")
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_those_described(light: Any, label: str, mode: GenerationMode) -> None:
    QuestionFactory(text="Which side?", attribute="side", choices=["Left", "Right"])
    UpdateFactory(report=ReportFactory())

    @hypothesis_settings(
        max_examples=EACH,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(OPERATIONS[label].as_strategy(mode))
    def check(case: Any) -> None:
        if mode == GenerationMode.POSITIVE:
            make_good(case, light.central_asset_id)
        elif isinstance(case.query, dict):
            case.query.pop("service_request_id", None)  # nothing beside it is looked at
        case.call_and_validate()

    check()
