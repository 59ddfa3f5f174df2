"""Other people's apps report to us, by the rules that residents report by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from stockport.outbox.models import Delivery
from street_reports.models import ApiKey, Asset, Contact, FaultType, Report
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    ApiKeyFactory,
    QuestionFactory,
    ReportFactory,
)

RACERS = 6


def errors(answer):
    return [row["description"] for row in answer.json()]


# What is taken ----------------------------------------------------------------------------------
def test_report_goes_to_the_team_like_a_residents_own(app, sent, light):
    row = app.report(sent | {"email": "Ann@Example.org", "first_name": "Ann", "phone": "1"})
    report = Report.objects.in_full().get(reference=row["service_request_id"])
    assert row["service_notice"] == "It goes to the street lighting team."
    assert (report.asset, report.description) == (light, "Since Monday.")
    assert report.delivery.payload["attributes"]["central_asset_id"] == light.central_asset_id
    assert report.resident is None and report.source == ApiKey.objects.get()
    assert Contact.objects.get().email == "ann@example.org"
    [receipt] = Delivery.objects.filter(kind="email")
    assert receipt.payload["to"] == ["ann@example.org"]


def test_report_by_xml_answers_in_xml(app, sent):
    answer = app.post("requests.xml", sent)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    reference = Report.objects.get().reference
    assert f"<service_request_id>{reference}</service_request_id>" in answer.content.decode()


def test_place_may_be_a_point_or_words(app, sent):
    del sent["attribute[central_asset_id]"]
    point = app.report(sent | {"lat": "53.4001", "long": "-2.1601"})
    report = Report.objects.get(reference=point["service_request_id"])
    assert (report.asset, report.latitude, report.longitude) == (None, 53.4001, -2.1601)
    words = app.report(sent | {"address_string": "By the bus stop,  sk38ud"})
    report = Report.objects.get(reference=words["service_request_id"])
    assert (report.location, report.postcode) == ("By the bus stop, sk38ud", "SK3 8UD")
    assert (report.latitude, report.longitude) == (53.4, -2.16)
    asset = app.report(sent | {"address_id": Asset.objects.get().central_asset_id})
    assert Report.objects.get(reference=asset["service_request_id"]).asset


def test_answers_to_our_questions_go_with_it(app, sent):
    QuestionFactory(text="How long?", attribute="how_long", is_required=True, choices=["A", "B"])
    refused = app.post("requests.json", sent)
    assert errors(refused) == ["attribute[how_long] is required: How long?"]
    assert "not one of" in errors(app.post("requests.json", sent | {"attribute[how_long]": "C"}))[0]
    attributes = app.json("services/light-out")["attributes"]
    value, _ = next(row["values"] for row in attributes if row["code"] == "how_long")
    app.report(sent | {"attribute[how_long]": value["key"]})
    [answer] = Report.objects.get().answers
    assert answer == {"question": "How long?", "answer": "A", "attribute": "how_long"}


def test_answer_that_is_dangerous_is_told_by_phone(app, sent, settings):
    settings.EMERGENCY_PHONE = "0161 000 0000"
    question = QuestionFactory(text="Wires?", attribute="wires", choices=["Yes", "No"])
    question.choices.filter(text="Yes").update(is_dangerous=True)
    answer = app.post("requests.json", sent | {"attribute[wires]": "Yes"})
    assert "0161 000 0000" in errors(answer)[0] and not Report.objects.exists()


@pytest.mark.parametrize(
    "change, status, said",
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "fixmystreet.wrong"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "none"}, 404, "none"),
        ({"attribute[central_asset_id]": ""}, 400, "lat and long"),
        ({"attribute[central_asset_id]": "none"}, 400, "no street light none"),
        ({"attribute[central_asset_id]": "", "lat": "53.4"}, 400, "both lat and long"),
        ({"attribute[central_asset_id]": "", "lat": "51.5", "long": "-0.1"}, 400, "outside"),
        ({"attribute[central_asset_id]": "", "lat": "nan", "long": "0"}, 400, "lat"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"description": "\0"}, 400, "NUL"),
        ({"email": "nobody"}, 400, "email"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[report_reference]": "x" * 201}, 400, "200"),
    ],
)
def test_what_is_wrong_is_said(app, sent, change, status, said):
    answer = app.post("requests.json", sent | change)
    assert answer.status_code == status
    assert said in " ".join(errors(answer))
    assert not Report.objects.exists()


def test_asset_that_needs_no_report_is_refused_with_the_reason(app, sent, light):
    Asset.objects.update(raise_new_job=2)
    assert "maintenance programme" in errors(app.post("requests.json", sent))[0]
    Asset.objects.update(raise_new_job=1, owner="private")
    assert "does not look after" in errors(app.post("requests.json", sent))[0]


# Who may ----------------------------------------------------------------------------------------
def test_revoked_key_and_key_of_other_services_are_refused(app, sent):
    key = ApiKey.objects.get()
    key.services.set(FaultType.objects.filter(code="grid-blocked"))
    assert app.post("requests.json", sent).status_code == 403
    key.services.clear()
    ApiKey.objects.update(is_active=False)
    assert app.post("requests.json", sent).status_code == 403
    assert not Report.objects.exists()


def test_key_that_calls_too_often_waits_for_the_next_minute(app, sent):
    ApiKey.objects.update(calls_per_minute=2)
    app.report(sent)
    app.report(sent)
    answer = app.post("requests.json", sent)
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "60"
    assert answer.json()[0]["code"] == 429
    ApiKey.objects.update(minute="2026-01-01T00:00:00Z")
    app.report(sent)


# What is there already --------------------------------------------------------------------------
def test_fault_that_somebody_reported_gets_their_id_and_the_words_go_to_the_team(app, sent, light):
    there = ReportFactory(asset=light)
    row = app.report(sent)
    assert row["service_request_id"] == there.reference and Report.objects.count() == 1
    note = Delivery.objects.get(kind="note")
    assert note.payload["description"] == "From FixMyStreet: Since Monday."
    app.report(sent | {"email": "ann@example.org"})
    app.report(sent | {"email": "ann@example.org"})
    assert Contact.objects.get().is_reporter is False


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_calls_made_at_once_are_all_counted(guarded, monkeypatch):
    """The negative control: counted in two steps, some are lost."""
    key = ApiKeyFactory(calls_per_minute=3)
    if not guarded:
        monkeypatch.setattr(ApiKey, "count_call", count_slowly)

    def call(number):
        try:
            return ApiKey.objects.get(pk=key.pk).count_call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(RACERS) as pool:
        taken = sum(pool.map(call, range(RACERS)))
    # They may fall into two minutes, each with its own three.
    assert (taken <= 2 * key.calls_per_minute and taken >= 3) if guarded else taken == RACERS


def count_slowly(key):
    """Looks first, and writes what it saw."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")
    free = key.calls < key.calls_per_minute
    key.calls += 1
    key.save(update_fields=["calls"])
    return free


# What staff see ---------------------------------------------------------------------------------
def test_staff_see_whose_app_brought_a_report(app, sent, portal: PortalClient):
    app.report(sent | {"attribute[fixmystreet_id]": "4711"})
    portal.sign_in(ResidentFactory(staff=True, is_superuser=True))
    queue = portal.get("/admin/street_reports/report/").content.decode()
    assert "FixMyStreet" in queue
    page = portal.get(f"/admin/street_reports/report/{Report.objects.get().pk}/change/")
    assert "Somebody, over FixMyStreet" in page.content.decode() and "4711" in page.content.decode()
