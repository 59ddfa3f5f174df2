"""Only a holder of the secret can speak for a destination, and only just now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockport.outbox.inbound.signature import NoSecret, is_genuine, key_of, sign

# The reference vector of the Standard Webhooks project's own libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIME, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "whsec_c2VjcmV0LW9mLWEtcm90YXRlZC1lbmRwb2ludA=="


def genuine(secret=SECRET, message_id=ID, time=str(TIME), signature=SIGNATURE, body=BODY, now=TIME):
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": time,
        "webhook-signature": signature,
    }
    return is_genuine(secret, headers, body, now)


def test_reference_vector_of_the_specification_is_genuine():
    assert genuine()


def test_our_signature_is_that_of_the_specification():
    assert sign(key_of(SECRET), ID, str(TIME), BODY) == SIGNATURE.encode()


@given(bit=st.integers(0, len(BODY) * 8 - 1))
def test_one_other_bit_in_the_body_is_noticed(bit):
    flipped = bytearray(BODY)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not genuine(body=bytes(flipped))


@given(bit=st.integers(0, len(SIGNATURE) * 7 - 1))
def test_one_other_bit_in_the_signature_is_noticed(bit):
    flipped = bytearray(SIGNATURE.encode())
    flipped[bit // 7] ^= 1 << bit % 7
    assert not genuine(signature=flipped.decode("latin-1"))


@pytest.mark.parametrize(
    "changed",
    [
        {"message_id": ID + "x"},
        {"message_id": ""},
        {"message_id": "msgé"},
        {"time": str(TIME + 1)},
        {"time": ""},
        {"time": f"{TIME}.0"},
        {"time": f" {TIME}"},
        {"time": f"+{TIME}"},
        {"time": "9" * 400},
        {"time": "١٦١٤٢٦٥٣٣٠"},
        {"time": "nan"},
        {"signature": ""},
        {"signature": SIGNATURE.removeprefix("v1,")},
        {"signature": SIGNATURE.replace("v1,", "v1a,")},
        {"signature": SIGNATURE.replace("v1,", "v0,")},
        {"signature": SIGNATURE.rstrip("=")},
        {"signature": "v1,"},
        {"signature": "é" * 50},
        {"secret": OTHER},
        {"secret": ""},
        {"body": b""},
        {"body": BODY + b"\n"},
    ],
)
def test_what_is_not_as_it_was_signed_is_refused(changed):
    assert not genuine(**changed)


@pytest.mark.parametrize(
    ("away", "taken"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)]
)
def test_message_counts_for_five_minutes_before_and_after(away, taken):
    assert genuine(now=TIME + away) is taken


def test_one_good_signature_among_several_is_enough():
    assert genuine(signature=f"v1a,xyz v1,{'A' * 43}= {SIGNATURE}")


def test_nobody_signs_with_the_key_that_stands_for_none():
    nobodys = sign(bytes(24), ID, str(TIME), BODY).decode()
    assert not genuine(secret="", signature=nobodys)
    assert not genuine(secret="whsec_", signature=nobodys)


def test_message_id_with_a_full_stop_could_be_read_in_two_ways():
    """`a.1.{…}` is signed both for the id “a” and for the id “a.1”: only the first is taken."""
    body = b"5.{}"
    signature = sign(key_of(SECRET), "a", str(TIME), body).decode()
    assert not genuine(message_id=f"a.{TIME}", time="5", body=b"{}", signature=signature, now=5)


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_!" * 9,
     "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", f"whsec_{'A' * 88}", "whsec_é"],
)  # fmt: skip
def test_what_is_no_secret_is_refused_with_a_hint(secret):
    with pytest.raises(NoSecret, match="whsec_ and 24 to 64"):
        key_of(secret)
