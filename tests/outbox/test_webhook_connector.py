"""Anything can leave as a signed message for a queue that has no protocol of its own."""

from __future__ import annotations

import time
from base64 import b64encode

import pytest

from stockport.demo.backoffice import inbox
from stockport.demo.backoffice.call import Call
from stockport.demo.backoffice.office import Office
from stockport.demo.backoffice.store import Store
from stockport.demo.backoffice.strict import Refused
from stockport.outbox import delivering
from stockport.outbox.connectors.webhook import message, reference_in, signed
from stockport.outbox.inbound.signature import is_genuine
from stockport.outbox.models import Destination
from stockport.outbox.workflow import State
from tests.backoffice import running_backoffice
from tests.factories.outbox import DeliveryFactory, DestinationFactory
from tests.outbox.scripted import Says, answering

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + b64encode(b"a secret of twenty-four!").decode()
OTHER = "whsec_" + b64encode(b"another one, as long as!").decode()
PAYLOAD = {"kind": "single_person_discount", "name": "Zoë O’Neill"}


@pytest.fixture(scope="module")
def revenues():
    with running_backoffice("--webhook-secret", SECRET) as office:
        yield office


def delivery_to(url, **fields):
    destination = DestinationFactory(connector="webhook", endpoint=url, webhook_secret=SECRET)
    return DeliveryFactory(
        destination=destination, kind="council_tax_request", payload=PAYLOAD, **fields
    )


def sent_to(*says):
    """A delivery after one call to a receiver that answers this."""
    answers = iter(says)
    with answering(lambda method, reference: next(answers)) as receiver:
        delivery = delivery_to(receiver.url)
        delivering.carry(delivering.claim(delivery.destination_id))
    delivery.refresh_from_db()
    return delivery


def taken(office, reference):
    messages = office.ledger()["messages"]
    return [message for message in messages if message["data"]["reference"] == reference]


def test_queue_gets_what_it_is_and_what_to_know_and_says_its_own_reference(revenues, work):
    delivery = work(delivery_to(f"{revenues.url}/inbox.json", reference="CT-1"))
    [message] = taken(revenues, "CT-1")
    assert (delivery.state, delivery.remote_reference[0]) == (State.SENT, "M")
    assert message["type"] == "council_tax_request"
    assert message["data"]["name"] == "Zoë O’Neill"


def test_message_whose_answer_was_lost_goes_again_and_is_taken_once(revenues, work):
    revenues.fault("drop", times=1)
    delivery = delivery_to(f"{revenues.url}/inbox.json", reference="CT-2")
    states = [work(delivery).state for _ in range(3)]
    assert states == [State.UNKNOWN, State.RETRY, State.SENT]
    assert len(taken(revenues, "CT-2")) == 1


def test_message_with_another_id_would_be_taken_twice(revenues, work):
    for _ in range(2):
        work(delivery_to(f"{revenues.url}/inbox.json", reference="CT-3"))
    assert len(taken(revenues, "CT-3")) == 2


def test_queue_that_knows_another_secret_pauses_the_destination(revenues, work):
    delivery = delivery_to(f"{revenues.url}/inbox.json", reference="CT-4")
    Destination.objects.update(webhook_secret=OTHER)
    assert work(delivery).state == State.RETRY
    assert Destination.objects.get(pk=delivery.destination_id).paused_at
    assert not taken(revenues, "CT-4")


def test_what_was_sent_is_forgotten_here():
    assert sent_to(Says(204, b"")).payload == {}


@pytest.mark.parametrize("status", [400, 409, 410, 422])
def test_refusal_needs_staff(status):
    assert sent_to(Says(status, b"{}")).state == State.DEAD


@pytest.mark.parametrize("status", [302, 500, 503])
def test_answer_that_may_hide_a_success_leaves_it_in_doubt(status):
    assert sent_to(Says(status, b"")).state == State.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        (b'{"reference": "R-7"}', "R-7"),
        (b'{"reference": 7}', ""),
        (b'{"reference": "' + b"7" * 101 + b'"}', ""),
        (b'["R-7"]', ""),
        (b"OK", ""),
        (b"", ""),
        (b"\xff", ""),
    ],
)
def test_receiver_may_answer_anything_and_its_reference_is_kept_where_it_is_one(answer, reference):
    assert reference_in(answer) == reference


def test_every_try_has_the_same_id_and_body_and_a_signature_of_its_own_time():
    delivery = delivery_to("http://127.0.0.1:1/")
    body = message(delivery)
    first, second = (signed(delivery, body, SECRET, now) for now in (1_000, 2_000))
    assert message(delivery) == body
    assert first["webhook-id"] == second["webhook-id"] == str(delivery.pk)
    assert is_genuine(SECRET, first, body, 1_000)
    assert is_genuine(SECRET, second, body, 2_000)
    assert not is_genuine(SECRET, first, body, 2_000)
    assert not is_genuine(SECRET, first, body + b" ", 1_000)


class TestDemoQueue:
    """What the demo's queue refuses, so that a mistake of ours would be seen."""

    @pytest.fixture
    def office(self, tmp_path):
        return Office(Store(tmp_path), secret=SECRET)

    def call(self, body, *, secret=SECRET, now=None):
        headers = signed(delivery_to("http://127.0.0.1:1/"), body, secret, int(now or time.time()))
        return Call({}, headers=headers, body=body)

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'{"type": "x"}', b'{"data": {}}', b'{"type": "x", "data": []}']
    )
    def test_message_without_a_type_or_data_is_refused(self, office, body):
        with pytest.raises(Refused) as error:
            inbox.take(office, self.call(body))
        assert error.value.status == 400

    def test_wrong_signature_is_refused(self, office):
        with pytest.raises(Refused, match="signature"):
            inbox.take(office, self.call(b'{"type": "x", "data": {}}', secret=OTHER))

    def test_queue_without_a_secret_takes_nothing(self, office):
        office.secret = ""
        with pytest.raises(Refused, match="signature"):
            inbox.take(office, self.call(b'{"type": "x", "data": {}}'))

    def test_message_from_yesterday_is_refused(self, office):
        yesterday = time.time() - 24 * 60 * 60
        with pytest.raises(Refused, match="too old"):
            inbox.take(office, self.call(b'{"type": "x", "data": {}}', now=yesterday))
