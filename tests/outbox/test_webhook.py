"""Other systems push their news: what is signed is kept, and nothing else is even read."""

from __future__ import annotations

import json
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from stockport.outbox.inbound.applying import hand_on
from stockport.outbox.inbound.signature import key_of, sign
from stockport.outbox.models import InboundUpdate
from street_reports.models import ClosureReason, Update
from street_reports.workflow import Status
from tests.factories.outbox import DestinationFactory
from tests.factories.street_reports import ReportFactory
from tests.snapshot import nothing_changes

pytestmark = pytest.mark.django_db
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_c2VjcmV0LW9mLWEtcm90YXRlZC1lbmRwb2ludA=="
UPDATE = {
    "update_id": "101000001-2",
    "service_request_id": "101000001",
    "status": "planned",
    "description": "We come on Friday.",
    "updated_datetime": "2026-11-23T00:02:00Z",
}


@pytest.fixture
def destination():
    return DestinationFactory(slug="highways", webhook_secret=SECRET)


@pytest.fixture
def push(destination):
    """What the portal answers to a body, signed as it should be unless told otherwise."""

    def push(body=UPDATE, *, slug="highways", secret=SECRET, at=None, message_id="m1", **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = str(int(time.time() if at is None else at))
        signed = {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": sign(key_of(secret), message_id, timestamp, raw).decode(),
        }
        address = reverse("webhooks:webhook", args=[slug])
        return Client(enforce_csrf_checks=True).post(
            address, raw, content_type="application/json", headers={**signed, **headers}
        )

    return push


def kept():
    return list(InboundUpdate.objects.order_by("pk").values_list("update_id", flat=True))


def test_signed_update_is_kept_as_it_came(push, destination):
    answer = push()
    assert (answer.status_code, answer.content) == (200, b"Kept.\n")
    update = InboundUpdate.objects.get()
    assert (update.destination, update.way) == (destination, "webhook")
    assert update.remote_reference == "101000001"
    assert (update.status, update.description) == ("planned", "We come on Friday.")
    assert update.updated_at.isoformat() == "2026-11-23T00:02:00+00:00"


def test_pushed_update_moves_the_report_and_comes_once(push, destination):
    report = ReportFactory(delivery__destination=destination)
    type(report.delivery).objects.update(remote_reference="101000001")
    for _ in range(2):
        assert push().status_code == 200
        hand_on(destination.pk)
    report.refresh_from_db()
    assert report.status == Status.PLANNED
    assert Update.objects.get().text == "We come on Friday."


@pytest.mark.parametrize(("code", "kept"), [("NFF", "NFF"), (204, "204"), (None, "")])
def test_code_of_the_reason_is_handed_on(push, destination, code, kept):
    ClosureReason.objects.filter(slug="nothing-found").update(external_codes=["NFF", "204"])
    report = ReportFactory(delivery__destination=destination)
    type(report.delivery).objects.update(remote_reference="101000001")
    assert push({**UPDATE, "status": "closed", "external_status_code": code}).status_code == 200
    assert InboundUpdate.objects.get().code == kept
    hand_on(destination.pk)
    report.refresh_from_db()
    expected = "nothing-found" if kept else "no-reason-given"
    assert report.closure_reason_id == expected


def test_several_updates_may_come_in_one_list(push):
    assert push([UPDATE, {**UPDATE, "update_id": 3}, UPDATE]).status_code == 200
    assert sorted(kept()) == ["101000001-2", "3"]
    assert push([]).status_code == 200


def test_update_may_leave_out_what_it_need_not_say(push):
    short = {name: UPDATE[name] for name in ("update_id", "service_request_id", "updated_datetime")}
    assert push({**short, "description": None, "media_url": ["x"], "service_request_id": 7})
    update = InboundUpdate.objects.get()
    assert (update.remote_reference, update.status, update.description) == ("7", "", "")


def test_replay_within_five_minutes_changes_nothing(push):
    at = time.time()
    push(at=at)
    with nothing_changes():
        assert push(at=at).status_code == 200


def test_same_id_with_other_words_changes_nothing(push):
    push()
    with nothing_changes():
        assert push({**UPDATE, "status": "fixed"}, message_id="m2").status_code == 200


@pytest.mark.parametrize("away", [-400, 400])
def test_replay_after_five_minutes_is_refused(push, away):
    assert push(at=time.time() + away).status_code == 401
    assert kept() == []


def test_whoever_has_no_good_signature_learns_nothing(push):
    DestinationFactory(slug="no-secret")
    DestinationFactory(slug="other", webhook_secret=OTHER)
    answers = [
        push(secret=OTHER),
        push(slug="other"),
        push(slug="no-secret"),
        push(slug="nobody"),
        push(at=1),
        push(b"not JSON", secret=OTHER),
        push(**{"webhook-signature": ""}),
        push(**{"webhook-signature": "v1,nonsense"}),
        push(**{"webhook-id": "m2"}),
        push(**{"webhook-timestamp": "soon"}),
        Client().post(reverse("webhooks:webhook", args=["highways"])),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(answer.headers) for answer in answers}) == 1
    assert kept() == []


def test_bytes_count_not_what_they_mean(push):
    """The same JSON written in another way was not signed."""
    raw = json.dumps(UPDATE).encode()
    timestamp = str(int(time.time()))
    good = sign(key_of(SECRET), "m1", timestamp, raw).decode()
    spaced = json.dumps(UPDATE, indent=1).encode()
    answer = push(spaced, **{"webhook-signature": good, "webhook-timestamp": timestamp})
    assert answer.status_code == 401


WRONG = {
    b"": "not JSON",
    b"nonsense": "not JSON",
    b"\xff\xfe{}": "not JSON",
    json.dumps({**UPDATE, "description": "Grün"}, ensure_ascii=False).encode("latin-1"): "UTF-8",
    json.dumps({**UPDATE, "status": float("nan")}).encode(): "not JSON",
    b'{"update_id": -Infinity}': "not JSON",
    b'{"update_id": ' + b"9" * 5000 + b"}": "not JSON",
    b"[" * 100_000: "not JSON",
    b'{"a":' * 40_000: "not JSON",
    b"null": "object",
    b"7": "object",
    b'"update"': "object",
    b"[[]]": "object",
    b"{}": "updated_datetime",
    json.dumps([UPDATE, None]).encode(): "object",
}
WRONG_FIELDS = [
    ({"update_id": ""}, "update_id is missing"),
    ({"update_id": None}, "update_id is missing"),
    ({"update_id": "   "}, "update_id is missing"),
    ({"update_id": True}, "update_id must be a text"),
    ({"update_id": 1.5}, "update_id must be a text"),
    ({"update_id": ["U1"]}, "update_id must be a text"),
    ({"update_id": "x" * 101}, "update_id is longer than 100"),
    ({"update_id": int("9" * 4000)}, "update_id is longer than 100"),
    ({"update_id": "U\0"}, "update_id has characters"),
    ({"service_request_id": {}}, "service_request_id must be a text"),
    ({"service_request_id": "x" * 200_000}, "service_request_id is longer"),
    ({"status": 7}, "status must be a text"),
    ({"status": "x" * 101}, "status is longer than 100"),
    ({"status": "\x1b[2J"}, "status has characters"),
    ({"external_status_code": "x" * 101}, "external_status_code is longer than 100"),
    ({"external_status_code": ["NFF"]}, "external_status_code must be a text"),
    ({"description": {"a": 1}}, "description must be a text"),
    ({"description": "\ud83d"}, "half a character"),
    ({"updated_datetime": 1700000000}, "updated_datetime must be a text"),
    ({"updated_datetime": "soon"}, "updated_datetime must look like"),
    ({"updated_datetime": "0001-01-01T00:00:00+14:00"}, "updated_datetime must look like"),
    ({"updated_datetime": "2099-01-01T00:00:00Z"}, "in the future"),
]


@pytest.mark.parametrize("body", WRONG, ids=lambda body: str(body[:20]))
def test_body_that_is_no_update_is_refused_in_so_many_words(push, body):
    answer = push(body)
    assert answer.status_code == 400
    assert WRONG[body] in answer.content.decode()
    assert kept() == []


@pytest.mark.parametrize(("fields", "words"), WRONG_FIELDS, ids=lambda value: str(value)[:30])
def test_update_with_a_wrong_field_is_refused_and_nothing_of_its_list_is_kept(push, fields, words):
    answer = push([{**UPDATE, "update_id": "good"}, {**UPDATE, **fields}])
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert kept() == []


def test_text_is_kept_without_what_no_page_can_show(push):
    assert push({**UPDATE, "description": "We\0 come\x1b" + "!" * 200_000}).status_code == 200
    text = InboundUpdate.objects.get().description
    assert text.startswith("We come!")
    assert len(text) == 4000


def test_body_of_more_than_256_kilobytes_is_not_read(push):
    fits = json.dumps(UPDATE).encode().ljust(256 * 1024)
    assert push(fits).status_code == 200
    assert push(fits + b" ").status_code == 413
    assert push(fits + b" " * 5_000_000).status_code == 413


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_a_post_is_taken(destination, method):
    answer = getattr(Client(), method)(reverse("webhooks:webhook", args=["highways"]))
    assert answer.status_code == 405


def test_answer_is_never_stored_and_has_no_session(push):
    for answer in (push(), push(secret=OTHER), push(b"{}")):
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert not answer.cookies
    assert not Session.objects.exists()


def test_answer_names_nothing_that_was_sent(push):
    answer = push({**UPDATE, "status": "<script>" * 40})
    assert b"script" not in answer.content


@pytest.mark.parametrize("rows", [1, 20])
def test_push_costs_the_same_for_one_and_for_many(push, django_assert_num_queries, rows):
    updates = [{**UPDATE, "update_id": str(n)} for n in range(rows)]
    # Destination; savepoint, known, new, its release.
    with django_assert_num_queries(5):
        push(updates)
    with django_assert_num_queries(4):
        push(updates)


def test_refusal_costs_one_query_for_a_destination_that_is_there_or_not(
    push, django_assert_num_queries
):
    for slug in ("highways", "nobody"):
        with django_assert_num_queries(1):
            push(slug=slug, secret=OTHER)
