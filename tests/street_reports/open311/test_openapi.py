"""The OpenAPI description says what the server does, whatever it is sent."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from street_reports.open311.urls import urlpatterns
from tests.factories.street_reports import QuestionFactory, ReportFactory, UpdateFactory

OPENAPI = yaml.safe_load((settings.BASE_DIR / "docs/open311.openapi.yaml").read_text("utf-8"))
TYPES = {
    "string": str, "boolean": bool, "integer": int, "number": (int, float), "null": type(None),
    "array": list, "object": dict,
}  # fmt: skip
KEY = "fixmystreet.secret"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
# What a parameter may be sent, beside anything: by its name, or by its format.
LIKELY = {
    "api_key": ["", KEY, "fixmystreet.wrong"],
    "service_code": ["light-out", "grid-blocked,light-out", ","],
    "code": ["light-out", "none"],
    "status": ["open", "closed", "open,closed", "OPEN", "FIXED", "UNCHANGED"],
    "date-time": ["2026-11-01T00:00:00Z", "2026-11-28T10:00:00+01:00", "2026-11-01T00:00:00 01:00"],
    "integer": ["1", "2", "1000", "0", "-1", "99999999999", "²", "1.5"],
    "number": ["53.4", "-2.16", "nan", "inf", "1e400", "-0"],
    "email": ["ann@example.org", "@"],
    "uri": ["https://example.org/a.jpg", "file:///etc/passwd"],
}


def resolved(schema: Any) -> Any:
    """What a reference leads to."""
    while isinstance(schema, dict) and "$ref" in schema:
        found = OPENAPI
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def assert_valid(value: Any, schema: Any) -> None:
    """The keywords of JSON Schema that our description uses."""
    schema = resolved(schema)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(
        isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in kinds
    ), (value, schema)
    assert value in schema.get("enum", [value])
    for item in value if isinstance(value, list) else ():
        assert_valid(item, schema["items"])
    if isinstance(value, dict):
        assert set(schema["required"]) <= set(value) <= set(schema["properties"])
        for name, inner in value.items():
            assert_valid(inner, schema["properties"][name])


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


OPERATIONS = [
    (path, method)
    for path, operations in OPENAPI["paths"].items()
    for method in operations
    if method != "parameters" and not path.startswith("/photos")
]


def values(name: str, schema: Any) -> st.SearchStrategy[str]:
    """What is sent for a parameter: what is likely, and anything else."""
    kind = schema.get("format") or schema.get("type")
    likely = LIKELY.get(name) or LIKELY.get(kind) or []
    return st.one_of(st.sampled_from([*likely, "\0", ""]), TEXT)


@st.composite
def calls(draw: st.DrawFn, path: str, method: str) -> dict[str, Any]:
    """A call: the parameters of the description, each of which may be missing."""
    at = OPENAPI["paths"][path]
    parameters = [resolved(each) for each in at["parameters"] + at[method].get("parameters", [])]
    sent: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for each in parameters:
        if each["in"] == "header":
            continue
        if each["in"] == "path" and each["name"] != "format":
            value = draw(values(each["name"], each["schema"]).filter(lambda v: "/" not in v and v))
            sent["path"][each["name"]] = value
        elif each["in"] == "query" and draw(st.booleans()):
            sent["query"][each["name"]] = draw(values(each["name"], each["schema"]))
    body = {}
    if method == "post":
        content = at[method]["requestBody"]["content"]["application/x-www-form-urlencoded"]
        for name, schema in resolved(content["schema"])["properties"].items():
            if name == "api_key" or draw(st.integers(0, 3)):
                body[name] = draw(values(name, schema))
    return {**sent, "body": body}


@pytest.mark.parametrize("path, method", OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_of_those_described(
    app: Any, teams: None, light: Any, path: str, method: str
) -> None:
    QuestionFactory(text="Which side?", attribute="side", choices=["Left", "Right"])
    UpdateFactory(report=ReportFactory())

    @hypothesis_settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(calls(path, method))
    def check(call: dict[str, Any]) -> None:
        address = f"/open311/v2{path}".replace("{format}", "json")
        for name, value in call["path"].items():
            address = address.replace(f"{{{name}}}", quote(value, safe=""))
        if method == "get":
            answer = app.client.get(address, call["query"])
        else:
            answer = app.client.post(address, call["body"])
        described = OPENAPI["paths"][path][method]["responses"]
        assert str(answer.status_code) in described, (call, answer.content)
        content = resolved(described[str(answer.status_code)])["content"]
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert_valid(answer.json(), content["application/json"]["schema"])

    check()
