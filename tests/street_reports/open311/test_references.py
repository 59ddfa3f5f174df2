"""The same report, sent again under any of its names, is one report."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from stockport.outbox.models import Delivery
from street_reports.models import Photo, Report, Submission
from tests.factories.street_reports import ApiKeyFactory, AssetFactory, DestinationFactory
from tests.stockport.test_images import picture

RACERS = 6


@pytest.mark.parametrize("name", ["report_reference", "fixmystreet_id", "Idempotency-Key"])
def test_same_report_sent_again_gets_the_first_id(app, sent, name):
    del sent["attribute[central_asset_id]"]
    sent |= {"lat": "53.4", "long": "-2.16"}
    headers = {name: "007"} if name == "Idempotency-Key" else {}
    fields = sent if headers else sent | {f"attribute[{name}]": "007"}
    first = app.report(fields, **headers)
    assert app.report(fields | {"description": "Again."}, **headers) == first
    assert Report.objects.count() == 1
    assert app.json("tokens/007", api_key="fixmystreet.secret") == [
        {"service_request_id": first["service_request_id"], "token": "007"}
    ]
    ApiKeyFactory(prefix="other", owner="Another app")
    other = app.report(fields | {"api_key": "other.secret"}, **headers)
    assert other["service_request_id"] != first["service_request_id"]


def somewhere(sent):
    """The same without an asset, so that only a reference says that two reports are one."""
    place = {"attribute[central_asset_id]": "", "lat": "53.4", "long": "-2.16"}
    return sent | place


def test_any_name_of_a_report_that_was_sent_before_gets_the_first_id(app, sent):
    sent = somewhere(sent)
    named = sent | {"attribute[report_reference]": "R1"}
    first = app.report(named, **{"Idempotency-Key": "A"})
    assert app.report(named, **{"Idempotency-Key": "B"}) == first
    assert app.report(named) == first
    # A name that only came with the second call is a name of the report as well.
    assert app.report(sent, **{"Idempotency-Key": "B"}) == first
    assert Report.objects.count() == 1


def test_same_words_as_another_kind_of_name_are_another_report(app, sent):
    sent, names = somewhere(sent), ("report_reference", "fixmystreet_id")
    made = [app.report(sent | {f"attribute[{name}]": "R1"}) for name in names]
    made += [app.report(sent, **{"Idempotency-Key": "R1"})]
    assert len({row["service_request_id"] for row in made}) == 3
    [found] = app.json("tokens/R1", api_key="fixmystreet.secret")
    assert found["service_request_id"] == made[0]["service_request_id"]


@pytest.mark.parametrize("name", ["report_reference", "fixmystreet_id", "Idempotency-Key"])
def test_what_was_sent_before_kinds_were_kept_is_known_as_any_of_them(app, sent, name):
    sent = somewhere(sent)
    first = app.report(sent | {"attribute[fixmystreet_id]": "R1"})
    Submission.objects.update(kind="")
    if name == "Idempotency-Key":
        assert app.report(sent, **{name: "R1"}) == first
    else:
        assert app.report(sent | {f"attribute[{name}]": "R1"}) == first


@pytest.mark.parametrize("reference", ["2026/001", "a.json", "https://example.org/7.xml"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_reference_with_a_slash_or_a_full_stop_is_looked_up(app, sent, reference, form):
    row = app.report(sent | {"attribute[report_reference]": reference})
    answer = app.get(f"tokens/{quote(reference)}.{form}", api_key="fixmystreet.secret")
    assert answer.status_code == 200 and form in answer.headers["Content-Type"]
    assert row["service_request_id"] in answer.content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_same_report_sent_at_once_is_one_report(guarded):
    """The negative control: without the constraint there are several."""
    ApiKeyFactory()
    AssetFactory()
    DestinationFactory()
    if not guarded:
        with connection.schema_editor() as editor:
            editor.remove_constraint(Submission, constraint())
    try:
        with ThreadPoolExecutor(RACERS) as pool:
            found = set(pool.map(send_one, range(RACERS)))
    finally:
        if not guarded:
            Submission.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(Submission, constraint())
    assert (Report.objects.count() == 1) == guarded
    assert (len(found) == 1) == guarded
    assert Delivery.objects.filter(kind="street_report").count() == Report.objects.count()
    assert Photo.objects.count() == Report.objects.count()
    if guarded:  # each call had a name of its own beside the one that all had
        names = Submission.objects.filter(report=Report.objects.get(), kind="idempotency_key")
        assert names.count() == RACERS


def constraint():
    [found] = Submission._meta.constraints
    return found


def send_one(number):
    fields = {
        "api_key": "fixmystreet.secret",
        "service_code": "light-out",
        "lat": "53.4",
        "long": "-2.16",
        "attribute[fixmystreet_id]": "42",
        "photo1": SimpleUploadedFile("a.png", picture("PNG")),
    }
    headers = {"Idempotency-Key": f"try {number}"}
    try:
        answer = Client().post("/open311/v2/requests.json", fields, headers=headers)
        return answer.json()[0]["service_request_id"]
    finally:
        connections.close_all()
