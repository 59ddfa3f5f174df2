"""The demo back office is as strict as GeoReport v2, so what it takes others take too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests
from defusedxml.ElementTree import fromstring

from stockport.demo.backoffice.progress import steps
from stockport.demo.backoffice.store import Case, Store
from tests.backoffice import API_KEY, ROOT, running_backoffice

REPORT = {
    "api_key": API_KEY,
    "service_code": "light-out",
    "lat": "53.41",
    "long": "-2.15",
    "attribute[report_reference]": "SL-STRICT",
}
UPDATE = {
    "api_key": API_KEY,
    "update_id": "u-1",
    "status": "OPEN",
    "updated_datetime": "2026-11-23T10:02:00Z",
    "description": "Still out.",
}


def get(office, path, **params):
    return requests.get(f"{office.url}/{path}", params=params, timeout=5)


def post(office, path="requests.xml", **fields):
    key = fields.pop("key", None)
    headers = {"Idempotency-Key": key} if key else {}
    data = {**REPORT, **fields} if path.startswith("requests") else fields
    return requests.post(f"{office.url}/{path}", data=data, headers=headers, timeout=5)


def test_answers_have_exactly_the_types_of_the_specification(office):
    xml, json = get(office, "services.xml"), get(office, "services.json")
    assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert json.headers["Content-Type"] == "application/json; charset=utf-8"
    assert xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert not any(element.attrib for element in fromstring(xml.content).iter())


def test_json_leaves_the_wrapper_out_and_keeps_types(office):
    services = get(office, "services.json").json()
    assert services[0]["metadata"] is True
    assert isinstance(services[0]["service_code"], str)
    assert get(office, "requests.json", service_request_id="999").json() == []
    made = post(office, "requests.json").json()
    assert list(made[0]) == ["service_notice", "service_request_id"]


def test_service_says_what_it_asks(office):
    definition = get(office, "services/light-out.json").json()
    assert definition["service_code"] == "light-out"
    orders = [attribute["order"] for attribute in definition["attributes"]]
    assert orders == list(range(1, len(orders) + 1))
    assert get(office, "services/nothing.xml").status_code == 404


def test_discovery_names_the_endpoint_and_both_formats(office):
    endpoint = get(office, "discovery.json").json()["endpoints"][0]
    assert endpoint["url"] == office.url
    assert endpoint["formats"] == ["text/xml", "application/json"]


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"api_key": ""}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code is required"),
        ({"service_code": "nothing"}, 404, "does not exist"),
        ({"idempotency_key": "x"}, 400, "idempotency_key is not a field"),
        ({"attribute[colour]": "red"}, 400, "attribute[colour] is not"),
        ({"attribute[report_reference]": ""}, 400, "report_reference] is required"),
        ({"attribute[easting]": "far"}, 400, "must be a number"),
        ({"lat": "91"}, 400, "lat must be"),
        ({"long": ""}, 400, "long must be"),
        ({"lat": "", "long": ""}, 400, "A place is required"),
        ({"description": "x" * 4001}, 400, "longer than 4000"),
        ({"description": "\x0b"}, 400, "XML does not allow"),
        ({"phone": ["1", "2"]}, 400, "more than once"),
    ],
)
def test_report_with_a_mistake_is_refused_in_so_many_words(office, fields, status, says):
    before = len(office.references())
    answer = post(office, **fields)
    assert answer.status_code == status
    assert says in fromstring(answer.content).findtext("error/description")
    assert len(office.references()) == before


def test_report_that_is_not_a_form_is_refused(office):
    answer = requests.post(f"{office.url}/requests.xml", json=REPORT, timeout=5)
    assert answer.status_code == 400


def test_report_can_be_read_back_and_filtered(office):
    number = post(office).text.split("<service_request_id>")[1].split("<")[0]
    [request] = get(office, f"requests/{number}.json").json()
    assert request["attributes"] == [{"code": "report_reference", "value": "SL-STRICT"}]
    assert len(get(office, "requests.json", service_request_id=f"{number},999").json()) == 1
    mine = get(office, "requests.json", service_code="light-out").json()
    assert number in [each["service_request_id"] for each in mine]
    assert get(office, "requests.json", service_code="grid-smell").json() == []
    assert get(office, "requests/999.xml").status_code == 404


@pytest.mark.parametrize(
    "params",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-01-01"},
        {"start_date": "2026-01-01T00:00:00.5Z"},
        {"start_date": "2026-01-01T00:00:00"},
        {"page": "two"},
    ],
)
def test_list_is_asked_for_in_the_right_form(office, params):
    assert get(office, "requests.xml", **params).status_code == 400


def test_same_key_is_the_same_report():
    with running_backoffice() as office:
        first, second = post(office, key="k"), post(office, key="k", description="again")
        assert first.text == second.text
        assert post(office, key="other").text != first.text
        assert len(office.references()) == 2


def test_what_was_accepted_outlives_the_process():
    with running_backoffice() as office:
        post(office)
        office.stop()
        office.start()
        assert office.references() == ["SL-STRICT"]


def test_office_that_lost_its_file_does_not_give_its_numbers_again(tmp_path, monkeypatch):
    """In Docker Compose a restart empties it, and the portal still has the reports of before."""
    numbers = []
    for folder, now in (("before", 1_800_000_000), ("after", 1_800_000_060), ("after", 1)):
        monkeypatch.setattr("stockport.demo.backoffice.store.time", lambda now=now: now)
        store = Store(tmp_path / folder)
        numbers.append(store.accept("light-out", {}, {}, key=None, batch=False).number)
    before, after, again = numbers
    assert before < after
    assert again == after + 1


def test_update_must_be_complete_and_about_a_report(office):
    number = post(office, "requests.json").json()[0]["service_request_id"]
    about = {**UPDATE, "service_request_id": number}
    path = "servicerequestupdates.json"
    assert post(office, path, **{**about, "status": "open"}).status_code == 400
    assert post(office, path, **{**about, "description": ""}).status_code == 400
    assert post(office, path, **{**about, "api_key": "x"}).status_code == 403
    assert post(office, path, **{**about, "service_request_id": "9"}).status_code == 404
    first, again = post(office, path, **about), post(office, path, **about)
    assert first.json() == again.json()


def test_port_in_use_gets_one_clear_sentence(office):
    command = [sys.executable, "-m", "stockport.demo.backoffice", "--port", str(office.port)]
    done = subprocess.run(
        [*command, "--folder", str(office.folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"The back office cannot listen on port {office.port}: Address already in use."
    )


def test_unknown_fault_is_refused(office):
    answer = requests.post(f"{office.url}/control/fault", data={"name": "magic"}, timeout=5)
    assert answer.status_code == 400
    assert "The faults are" in answer.text


@pytest.mark.slow
def test_back_office_is_a_command_of_the_portal(tmp_path: Path):
    command = [sys.executable, "manage.py", "backoffice", "--port", "0", "--folder", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "listens on http://127.0.0.1:" in process.stdout.readline()
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("fault", "state"), [("light-out", "fixed"), ("light-flickering", "planned")]
)
def test_light_that_flickers_waits_for_a_part_and_others_are_fixed(fault, state):
    case = Case(1, "", fault, {}, {}, at=0)
    assert steps(case, pace=20, now=10_000)[-1].status == state
