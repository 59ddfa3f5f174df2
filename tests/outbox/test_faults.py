"""The demo back office fails on demand, and its ledger says what it really took."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode

import pytest
import requests

from tests.backoffice import API_KEY, running_backoffice
from tests.waiting import eventually

REPORT = {
    "api_key": API_KEY,
    "service_code": "light-out",
    "lat": "53.41",
    "long": "-2.15",
}


def post(office, reference="SL-FAULT", timeout=20):
    data = {**REPORT, "attribute[report_reference]": reference}
    return requests.post(f"{office.url}/requests.xml", data=data, timeout=timeout)


def get(office, **params):
    answer = requests.get(f"{office.url}/requests.json", params=params, timeout=20)
    return [each["service_request_id"] for each in answer.json()]


def raw_post(office, reference):
    """A connection on which the report was posted, and nothing read yet."""
    body = urlencode({**REPORT, "attribute[report_reference]": reference})
    head = f"POST /requests.xml HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    connection = socket.create_connection(("127.0.0.1", office.port), timeout=20)
    connection.sendall(
        f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
    )
    return connection


def answers(office):
    try:
        return requests.get(f"{office.url}/services.xml", timeout=5).ok
    except requests.ConnectionError:
        return False


def test_office_that_refuses_connections_listens_again_on_the_same_port():
    with running_backoffice() as office:
        office.fault("refuse", seconds=1)
        with pytest.raises(requests.ConnectionError, match="refused"):
            post(office)
        eventually(lambda: answers(office))
        assert office.references() == []
        assert post(office).ok
        office.fault("refuse", seconds=0.1)
        eventually(lambda: answers(office))
        assert office.references() == ["SL-FAULT"]


def test_office_that_refuses_connections_still_answers_those_it_has():
    with running_backoffice("--latency", "0.5") as office, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, office)
        eventually(lambda: office.summary()["most_calls_at_once"])
        office.fault("refuse", seconds=0.1)
        assert waiting.result().ok


def test_headers_come_a_byte_at_a_time_and_nothing_is_taken(office):
    office.fault("drip", times=1, seconds=0.01)
    before = office.summary()["cases"]
    with closing(raw_post(office, "SL-DRIP")) as connection:
        read = b""
        while len(read) < 60:
            read += connection.recv(1)
    assert read.startswith(b"HTTP/1.1 200 OK\r\nX-Wait: aaa")
    assert b"\r\n" not in read.partition(b"X-Wait")[2]
    assert office.summary()["cases"] == before


def test_drip_ends_when_the_fault_is_switched_off(office):
    office.fault("drip", times=1, seconds=0.01)
    with closing(raw_post(office, "SL-DRIP-2")) as connection:
        assert connection.recv(1) == b"H"
        office.fault()
        while connection.recv(4096):
            pass


def test_late_acceptance_happens_though_the_caller_hung_up(office):
    office.fault("accept-late", times=1, seconds=0.3)
    raw_post(office, "SL-LATE").close()
    assert "SL-LATE" not in office.references()
    eventually(lambda: "SL-LATE" in office.references())


@pytest.mark.parametrize(
    ("fault", "taken"), [("hang", False), ("slow", True), ("accept-late", True)]
)
def test_time_of_a_fault_can_be_set(office, fault, taken):
    office.fault(fault, times=1, seconds=0.01)
    if taken:
        assert post(office, f"SL-{fault}").ok
    else:
        with pytest.raises(requests.ConnectionError):
            post(office, f"SL-{fault}")
    assert (f"SL-{fault}" in office.references()) == taken


def test_wait_that_429_asks_for_can_be_set(office):
    office.fault("429", times=1, seconds=7)
    assert post(office).headers["Retry-After"] == "7"


@pytest.mark.parametrize("seconds", ["-1", "soon", "nan", "1e9"])
def test_time_that_is_none_is_refused(office, seconds):
    data = {"name": "hang", "seconds": seconds}
    for page in ("fault", "latency"):
        answer = requests.post(f"{office.url}/control/{page}", data=data, timeout=5)
        assert answer.status_code == 400


def test_share_of_calls_is_hit(office):
    office.fault("500", share=0)
    assert post(office).ok
    office.fault("500", share=1)
    assert post(office).status_code == 500


def test_reads_are_hit_only_where_everything_is(office):
    office.fault("500")
    assert answers(office)
    office.fault("500", everywhere="true")
    assert not answers(office)


def test_every_write_takes_the_latency_and_reads_do_not():
    with running_backoffice("--latency", "60") as office:
        with pytest.raises(requests.ReadTimeout):
            post(office, timeout=0.3)
        assert answers(office)
        office.latency(0)
        assert post(office).ok


def test_summary_counts_cases_by_reference_and_calls_at_once():
    with running_backoffice("--latency", "0.5") as office:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda name: post(office, name), ["SL-1", "SL-1", "SL-2"]))
        summary = office.summary()
        assert (summary["cases"], summary["calls"]) == (3, 3)
        assert {name: cases for name, (cases, _) in summary["references"].items()} == {
            "SL-1": 2,
            "SL-2": 1,
        }
        first = min(case["at"] for case in office.ledger()["cases"] if case["reference"] == "SL-1")
        assert summary["references"]["SL-1"][1] == first
        assert 1 <= summary["most_calls_at_once"] <= 3


def test_what_was_accepted_outlives_a_kill_in_the_middle_of_the_work():
    """Every report that was answered is there; one that was not may be."""
    with running_backoffice("--latency", "0.02") as office, ThreadPoolExecutor(4) as pool:
        accepted = []

        def report(number):
            try:
                if post(office, f"SL-{number}").ok:
                    accepted.append(f"SL-{number}")
            except requests.ConnectionError:
                return

        work = [pool.submit(report, number) for number in range(200)]
        eventually(lambda: len(accepted) >= 20)
        office.kill()
        for each in work:
            each.result()
        office.start()
        assert set(accepted) <= set(office.references())


def test_list_comes_in_pages_that_leave_nothing_out():
    with running_backoffice() as office:
        for number in range(5):
            post(office, f"SL-{number}")
        everything = get(office)
        assert len(everything) == 5
        pages = [get(office, page=page, page_size=2) for page in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [2, 2, 1, 0]
        assert [number for page in pages for number in page] == everything
        assert (
            get(office, service_request_id=",".join(everything), page=2, page_size=4)
            == (everything[4:])
        )


@pytest.mark.parametrize(("pace", "status"), [("0", "closed"), ("999", "open")])
def test_list_can_be_asked_for_by_status(pace, status):
    with running_backoffice("--pace", pace) as office:
        post(office)
        other = {"open": "closed", "closed": "open"}[status]
        assert len(get(office, status=status)) == 1
        assert get(office, status=other) == []
        assert len(get(office, status="open,closed", service_code="light-out")) == 1
        assert get(office, status="unheard-of") == []
