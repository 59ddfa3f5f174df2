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
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from street_reports.models import Report
from street_reports.open311 import errors
from street_reports.open311.urls import urlpatterns
from tests.factories.street_reports import PhotoFactory, QuestionFactory, UpdateFactory

OPENAPI = yaml.safe_load((settings.BASE_DIR / "docs/open311.openapi.yaml").read_text("utf-8"))
CONFIG = SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
SCHEMA = schemathesis.openapi.from_dict(OPENAPI, config=CONFIG)
SCHEMA.app = get_wsgi_application()
CALLS = SCHEMA.exclude(path_regex="^/photos")  # a file, with tests of its own
OPERATIONS = {each.ok().label: each.ok() for each in CALLS.get_all_operations()}
EACH = 15  # calls of each operation, and as many bad ones
NOW = "2026-11-01T12:00:00+01:00"
KEY = "fixmystreet.secret"


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


def test_what_every_address_may_answer_is_described(known: dict[str, Any], app: Any) -> None:
    """That nothing has changed, that a call cannot be read, another method, a later time."""
    for path, operations in OPENAPI["paths"].items():
        for operation in operations.keys() & {"get", "post"}:
            described = operations[operation]["responses"].keys()
            assert described >= {"400", "405", "503"}, (path, operation)
        if path.startswith("/photos"):
            continue
        address = re.sub(r"{(\w+)}", lambda name: (known | {"format": "json"})[name[1]], path)[1:]
        answer = app.get(address, api_key=KEY)
        tag = {"If-None-Match": answer.headers["ETag"]}
        same = app.client.get(f"/open311/v2/{address}", {"api_key": KEY}, headers=tag)
        assert str(same.status_code) == "304" and "304" in operations["get"]["responses"], path
        broken = app.get(address, **{f"field{number}": "1" for number in range(1001)})
        assert broken.status_code == 400 and "ETag" not in broken.headers, path


def test_answers_that_ask_for_a_later_time_are_described_with_it() -> None:
    later = {"$ref": "#/components/responses/Later"}
    assert OPENAPI["components"]["responses"]["Later"]["headers"].keys() == {"Retry-After"}
    for operation in OPERATIONS.values():
        described = operation.definition.raw["responses"]
        for code in described.keys() & {str(code) for code in errors.RETRY_AFTER}:
            assert described[code] == later, operation.label


@pytest.fixture
def _one_connection(known: dict[str, Any]) -> Iterator[None]:
    """The calls are made in the transaction of the test: none of them closes its connection."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def known(app: Any, sent: dict[str, Any], light: Any) -> dict[str, Any]:
    """What no description can say: codes and ids that there are, times that belong together."""
    QuestionFactory(text="Which side?", attribute="side", choices=["Left", "Right"])
    row = app.report(sent | {"attribute[report_reference]": "007"})
    report = Report.objects.get()
    UpdateFactory(report=report)
    PhotoFactory(report=report, position=1, approved_at=NOW)
    times = ("start_date", "end_date", "updated_after", "updated_before", "updated_datetime")
    return {
        "api_key": KEY,
        "service_code": "light-out",
        "email": "zoe@example.org",
        "code": "light-out",
        "token": "007",
        "reference": report.reference,
        "service_request_id": row["service_request_id"],
        "attribute[central_asset_id]": light.central_asset_id,
        **dict.fromkeys(times, NOW),
    }


def make_good(case: Any, known: dict[str, Any]) -> None:
    """Beside what the description says: what there is, somewhere, and no false photo."""
    for sent in (case.path_parameters, case.query, case.body):
        if isinstance(sent, dict):
            sent |= {name: known[name] for name in known.keys() & sent.keys()}
    if isinstance(case.body, dict) and "service_code" in case.body:
        case.body |= {"lat": 53.4, "long": -2.16}
        case.body.pop("media", None)


def make_bad_elsewhere(case: Any) -> None:
    """In the form, not in the format at the end of the address or in the key as well."""
    if isinstance(case.body, dict):
        case.path_parameters["format"] = "json"
    for sent in (case.query, case.body):
        if isinstance(sent, dict) and isinstance(sent.get("api_key"), str):
            sent["api_key"] = KEY
    if isinstance(case.query, dict):
        case.query.pop("service_request_id", None)  # nothing beside it is looked at
        assume(
            all(str(value).strip() for value in case.query.values())
        )  # empty is the same as none


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_those_described(
    known: dict[str, Any], label: str, mode: GenerationMode
) -> None:
    is_good, answered = mode == GenerationMode.POSITIVE, set()

    @hypothesis_settings(
        max_examples=EACH,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(OPERATIONS[label].as_strategy(mode))
    def check(case: Any) -> None:
        if is_good:
            make_good(case, known)
        else:
            make_bad_elsewhere(case)
        # The caller asks for compressed answers, but does not unpack what no network brought.
        answer = case.call_and_validate(headers={"Accept-Encoding": "identity"})
        answered.add(answer.status_code)

    check()
    assert 200 in answered or not is_good
