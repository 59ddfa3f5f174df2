"""Whatever goes wrong with a call, its answer is a list of errors in the format asked for."""

from __future__ import annotations

from uuid import uuid4

import pytest
from defusedxml.ElementTree import fromstring

from street_reports.models import Report
from street_reports.open311 import answering
from tests.street_reports.open311.conftest import BASE
from tests.test_failing_safe import without_database

FORM = "application/x-www-form-urlencoded"


def code_in(answer, form="xml"):
    """The code of the one error, which is the status as well."""
    if form == "json":
        [error] = answer.json()
        assert error["description"]
        code = error["code"]
    else:
        [error] = fromstring(answer.content)
        assert error.findtext("description")
        code = int(error.findtext("code"))
    assert answer.headers["Content-Type"].startswith("text/xml" if form == "xml" else "application")
    assert code == answer.status_code
    return code


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("path", ["requests", "servicerequestupdates"])
@pytest.mark.parametrize("charset", ["utf8", "iso-8859-1", "utf-16", "hex", "idna"])
def test_form_in_another_encoding_is_refused(app, caplog, path, form, charset):
    address = f"{BASE}{path}.{form}"
    answer = app.client.generic("POST", address, b"api_key=%ff", f"{FORM}; charset={charset}")
    assert code_in(answer, form) == 400
    assert not Report.objects.exists() and not [r for r in caplog.records if r.levelname == "ERROR"]


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("path", ["requests", "services", "discovery", "servicerequestupdates"])
def test_query_of_more_than_1000_fields_is_refused(app, caplog, path, form):
    answer = app.get(f"{path}.{form}", **{f"field{number}": "1" for number in range(1001)})
    assert code_in(answer, form) == 400
    assert answer.headers["Cache-Control"] == "private, no-store"  # a key may be among them
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_form_of_more_than_1000_fields_is_refused(app):
    assert code_in(app.post("requests.xml", {f"field{n}": "1" for n in range(1001)})) == 400


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_photo_is_only_read(app, method):
    answer = getattr(app.client, method)(f"{BASE}photos/{uuid4()}.jpg")
    assert code_in(answer) == 405 and answer.headers["Allow"] == "GET, HEAD"


def test_photo_that_is_not_there_is_an_error_in_xml(app):
    assert code_in(app.get(f"photos/{uuid4()}.jpg")) == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_without_the_database_callers_are_told_to_come_back(app, sent, caplog, form):
    with without_database():
        answers = [app.get(f"requests.{form}"), app.post(f"requests.{form}", sent)]
    for answer in answers:
        assert code_in(answer, form) == 503
        assert answer.headers["Retry-After"] == "5"
        assert b"127.0.0.1" not in answer.content
    logged = [record for record in caplog.records if record.name == answering.__name__]
    assert len(logged) == len(answers)  # callers wait; whoever runs the portal must know
    app.report(sent)
