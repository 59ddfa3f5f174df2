"""GeoReport is written strictly and read tolerantly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockport.outbox.connectors import georeport
from stockport.outbox.connectors.asking import LONGEST_WAIT, retry_after
from stockport.outbox.connectors.georeport import Unreadable


@pytest.mark.parametrize(
    "written",
    [
        "2026-07-01T10:02:00Z",
        "2026-07-01T11:02:00+01:00",
        "2026-07-01T11:02:00+0100",
        "2026-07-01 11:02:00+01:00",
        "2026-07-01T10:02:00.000Z",
        "2026-07-01T10:02:00 UTC",
        "2026-07-01T11:02:00",  # London time
    ],
)
def test_time_is_read_however_a_system_writes_it(written):
    assert georeport.read_moment(written) == datetime(2026, 7, 1, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01T00:00:00Z"])
def test_time_that_is_none_is_told_apart(written):
    assert georeport.read_moment(written) is None


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_time_that_is_written_is_read_back_to_the_second(seconds):
    value = datetime.fromtimestamp(seconds, UTC)
    assert georeport.read_moment(georeport.moment(value.replace(microsecond=7))) == value


def test_empty_fields_are_left_out_and_lists_repeated():
    form = georeport.fields(
        {"service_code": "light-out", "lat": 53.1, "email": "", "phone": None,
         "attributes": {"feature_id": "014", "site_code": "", "sides": ["N", "S"]}},
        "SL-1",
    )  # fmt: skip
    assert form == {
        "service_code": "light-out",
        "lat": "53.1",
        "attribute[feature_id]": "014",
        "attribute[sides][]": ["N", "S"],
        "attribute[report_reference]": "SL-1",
    }


def test_characters_that_xml_cannot_hold_are_left_out():
    form = georeport.fields({"description": "It\x00 is\x0b out\nsince Friday"}, "SL-1")
    assert form["description"] == "It is out\nsince Friday"


def test_answer_is_read_with_a_namespace_and_another_wrapper():
    request = b"<a:request><a:service_request_id> 07 </a:service_request_id></a:request>"
    body = b'<a:x xmlns:a="u">' + request + b"</a:x>"
    assert georeport.read_accepted(body).request_id == "07"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b"\xff\xfe\x00",
        b"<service_requests><request><service_request_id/></request></service_requests>",
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"<service_requests><request><service_request_id>1</serv",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        b'<?xml version="1.0" encoding="nonsense"?><x/>',
    ],
)
def test_answer_that_makes_no_sense_is_no_success(body):
    with pytest.raises(Unreadable):
        georeport.read_accepted(body)


@given(st.binary(max_size=300))
def test_no_answer_breaks_the_reader(body):
    for read in (georeport.read_accepted, georeport.read_updates, georeport.read_requests):
        try:
            read(body)
        except Unreadable:
            continue
    assert isinstance(georeport.read_errors(body), str)


def test_update_that_cannot_be_dated_is_left_out():
    body = b"""<service_request_updates>
      <request_update><update_id>1</update_id><service_request_id>7</service_request_id>
        <status>FIXED</status><external_status_code> F1 </external_status_code>
        <updated_datetime>2026-11-23T10:02:00Z</updated_datetime></request_update>
      <request_update><update_id>2</update_id><service_request_id>7</service_request_id>
        <updated_datetime>soon</updated_datetime></request_update>
    </service_request_updates>"""
    [update] = georeport.read_updates(body)
    assert (update.update_id, update.status, update.description) == ("1", "FIXED", "")
    assert update.code == "F1"


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "soon", "", "2026-11-23T25:00Z"],
)
def test_time_of_no_use_is_none(text):
    assert georeport.read_moment(text) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0", 0), ("999999999", LONGEST_WAIT.total_seconds()),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("Fri, 21 Oct 2150 07:28:00 GMT", 86400),
     ("soon", None), ("-5", None), ("", None)],
)  # fmt: skip
def test_wait_that_a_system_asks_for_is_read_and_bounded(header, seconds):
    wait = retry_after({"Retry-After": header})
    assert (wait.total_seconds() if wait is not None else None) == seconds


def test_date_to_wait_for_counts_from_the_time_that_the_answer_gives():
    """Our clock or theirs may be wrong by years."""
    answer = {
        "Date": "Mon, 23 Nov 2015 10:00:00 GMT",
        "Retry-After": "Mon, 23 Nov 2015 10:02:00 GMT",
    }
    assert retry_after(answer) == timedelta(minutes=2)
