"""Text messages leave through GOV.UK Notify, each once."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from stockport.db import violated_constraint
from stockport.outbox.connectors.govuk_notify import token
from stockport.outbox.models import Attempt, Delivery, Destination
from stockport.outbox.texts import can_text, send_text
from stockport.outbox.workflow import State
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DestinationFactory, TextsFactory
from tests.notify import KEY, SECRET, SERVICE, TEMPLATE, is_genuine, running_notify

pytestmark = pytest.mark.django_db
NUMBER = "+447700900123"
VALUES = {"day": "Monday 23 November 2026", "place": "Stopford House, Café"}


@pytest.fixture(scope="module")
def shared_notify():
    with running_notify() as notify:
        yield notify


@pytest.fixture
def notify(shared_notify):
    shared_notify.messages.clear()
    shared_notify.instead.clear()
    shared_notify.afterwards.clear()
    shared_notify.headers.clear()
    return shared_notify


@pytest.fixture
def texts(notify):
    return TextsFactory(endpoint=notify.url)


def text(**fields):
    fields = {"to": NUMBER, "template": "appointment_reminder", "values": VALUES, **fields}
    return send_text(**fields)


def test_text_is_sent_once_with_its_template_filled_in(notify, texts, work):
    delivery = text(reference="AP-1")
    assert [work(delivery).state for _ in range(2)] == [State.SENT, State.SENT]
    [message] = notify.messages
    assert message["phone_number"] == NUMBER
    assert message["template_id"] == TEMPLATE
    assert message["personalisation"] == VALUES
    assert message["reference"] == str(delivery.pk)
    assert work(delivery).remote_reference == message["id"]


def test_number_and_words_of_a_text_are_kept_nowhere_once_it_is_sent(notify, texts, work):
    delivery = work(text())
    assert delivery.payload == {"template": "appointment_reminder"}
    assert "Stopford" not in str(Attempt.objects.values())


@pytest.mark.parametrize("fault", ["drop", "garbage", "500"])
def test_text_whose_answer_was_lost_is_looked_up_and_not_sent_again(notify, texts, work, fault):
    notify.afterwards.append(fault)
    delivery = text()
    assert [work(delivery).state for _ in range(2)] == [State.UNKNOWN, State.SENT]
    [message] = notify.messages
    assert work(delivery).remote_reference == message["id"]


def test_text_that_certainly_did_not_arrive_is_sent_again(notify, texts, work):
    notify.instead.append(500)
    delivery = text()
    states = [work(delivery).state for _ in range(3)]
    assert states == [State.UNKNOWN, State.RETRY, State.SENT]
    assert len(notify.messages) == 1


def test_look_up_that_fails_leaves_the_text_in_doubt(notify, texts, work):
    notify.instead += [500, 500]
    delivery = text()
    assert [work(delivery).state for _ in range(2)] == [State.UNKNOWN, State.UNKNOWN]


def test_text_that_notify_does_not_take_needs_staff_and_says_why(notify, texts, work):
    notify.instead.append(400)
    delivery = work(text())
    assert (delivery.state, delivery.reason) == (State.DEAD, "Missing personalisation: place")


def test_wrong_key_pauses_texts_and_loses_none(notify, texts, work):
    Destination.objects.filter(pk=texts.pk).update(api_key=f"portal-{SERVICE}-{SERVICE}")
    delivery = work(text())
    texts.refresh_from_db()
    assert (delivery.state, notify.messages) == (State.RETRY, [])
    assert texts.pause_reason == "Invalid token: API key not found"


def test_texts_wait_while_there_are_too_many(notify, texts, work):
    notify.instead.append(429)
    notify.headers["Retry-After"] = "40"
    delivery = work(text())
    texts.refresh_from_db()
    assert delivery.state == State.RETRY
    assert texts.resting_until is not None
    assert work(delivery).state == State.SENT


def test_notify_that_does_not_answer_has_the_text_tried_again(work):
    TextsFactory()  # nothing listens there
    assert work(text()).state == State.RETRY


def test_text_without_a_template_waits_for_staff(notify, texts, work):
    delivery = work(text(template="unknown"))
    assert delivery.state == State.DEAD
    assert "no template id for “unknown”" in delivery.reason
    assert notify.messages == []


def test_number_is_taken_out_of_what_notify_answers(notify, texts, work, monkeypatch):
    refusal = ("BadRequestError", f"phone_number {NUMBER} is not on your list, 07700 900123")
    monkeypatch.setitem(__import__("tests.notify").notify.ERRORS, 400, refusal)
    notify.instead.append(400)
    delivery = work(text())
    assert "900123" not in delivery.reason + str(Attempt.objects.values())


def test_nobody_is_texted_where_no_destination_takes_texts():
    assert not can_text()
    assert text() is None
    assert not Delivery.objects.exists()


def test_text_of_a_rolled_back_transaction_is_never_sent(texts):
    with pytest.raises(RuntimeError), transaction.atomic():
        text()
        raise RuntimeError
    assert not Delivery.objects.exists()


def test_token_is_the_one_that_openssl_makes():
    made = token(KEY, 1764316800)
    assert made == (
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiIyNjc4NWEwOS1hYjE2LTRlYjAtODQwNy1hMzc0OTdh"
        "NTc1MDYiLCJpYXQiOjE3NjQzMTY4MDB9.yASC6Cq4OsPl17bg4NzX3C-mh7PuOiXOxTnIskCAlXo"
    )


def test_notify_of_these_tests_refuses_old_and_foreign_tokens():
    assert not is_genuine(token(KEY, 1764316800))
    assert not is_genuine(token(f"portal-{SERVICE}-{SERVICE}", 1764316800))


@pytest.mark.parametrize("key", ["", "portal", SECRET, f"{SERVICE}-{SECRET}", f"{KEY} "])
def test_half_a_key_is_refused(key):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        TextsFactory(api_key=key)
    assert violated_constraint(caught.value) == "outbox_destination_notify_key_is_one"


def test_texts_go_to_one_destination():
    TextsFactory()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        TextsFactory(slug="other")
    assert violated_constraint(caught.value) == "outbox_destination_one_for_texts"


@pytest.mark.parametrize("ids", [["id"], 7, "id", {"appointment_reminder": "7"}, {"a": None}])
def test_template_ids_are_names_with_ids(ids):
    destination = DestinationFactory.build(template_ids=ids, api_key=KEY)
    with pytest.raises(ValidationError, match="Give each name the id of its template"):
        destination.clean_fields()


def test_template_ids_without_names_are_refused():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        DestinationFactory(template_ids=[])
    assert violated_constraint(caught.value) == "outbox_destination_templates_have_names"


def test_staff_set_up_texts_in_the_admin(portal: PortalClient):
    portal.sign_in(ResidentFactory(staff=True))
    data = {
        "slug": "texts",
        "name": "GOV.UK Notify",
        "connector": "govuk_notify",
        "endpoint": "https://api.notifications.service.gov.uk",
        "api_key": "portal",
        "template_ids": f'{{"appointment_reminder": "{TEMPLATE}"}}',
        "concurrency": "4",
    }
    add = "/admin/outbox/destination/add/"
    assert "Enter the whole API key" in portal.post(add, data).content.decode()
    assert portal.post(add, data | {"api_key": KEY}).status_code == 302
    made = Destination.objects.get(slug="texts")
    assert made.template_ids == {"appointment_reminder": TEMPLATE}
    assert KEY not in portal.get(f"/admin/outbox/destination/{made.pk}/change/").content.decode()
