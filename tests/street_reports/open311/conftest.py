"""An app with a key, and what it reads of our answers in either format."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.http import HttpResponse
from django.test import Client

from tests.factories.street_reports import ApiKeyFactory

BASE = "/open311/v2/"
KEY = "fixmystreet.secret"


class App:
    """Somebody's app: no cookies, no CSRF token, a key."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"{BASE}{path}", query)

    def json(self, path: str, **query: Any) -> Any:
        return self.get(f"{path}.json", **query).json()

    def xml(self, path: str, **query: Any) -> Element:
        return fromstring(self.get(f"{path}.xml", **query).content)

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> HttpResponse:
        """As a form in UTF-8; the key unless the fields have one."""
        body = urlencode({"api_key": KEY} | fields, doseq=True)
        form = "application/x-www-form-urlencoded; charset=utf-8"
        return self.client.post(f"{BASE}{path}", body, content_type=form, headers=headers)

    def report(self, fields: dict[str, Any] | None = None, **headers: str) -> Any:
        """The one row of the answer to a report."""
        answer = self.post("requests.json", fields or {}, **headers)
        assert answer.status_code == 200, answer.content
        [row] = answer.json()
        return row


@pytest.fixture
def app(db: None) -> App:
    ApiKeyFactory()
    return App()


@pytest.fixture
def sent(light: Any, teams: None) -> dict[str, Any]:
    """The fields of a report of street light 014."""
    return {
        "service_code": "light-out",
        "attribute[central_asset_id]": light.central_asset_id,
        "description": "Since Monday.",
    }
