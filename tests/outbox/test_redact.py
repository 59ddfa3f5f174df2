"""Nothing about a person is kept from what a destination answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockport.outbox.redact import LONGEST_ANSWER, personal_values, redact


@pytest.mark.parametrize(
    "secret",
    [
        "ada.shaw+lights@mail.example.org",
        "0161 496 0000",
        "01614960000",
        "(0161) 496-0000",
        "+44 161 496 0000",
        "+44 (0)7700 900123",
        "07700 900 123",
        "QQ 12 34 56 C",
        "qq123456c",
    ],
)
def test_personal_data_is_taken_out(secret):
    assert redact(f"<error>Bad: {secret}, sorry</error>") == "<error>Bad: [removed], sorry</error>"


@pytest.mark.parametrize(
    "kept",
    ["101000001", "SL-7K3M-P2", "2026-11-23T10:02:00Z", "lat 53.4106283 is wrong", "SK3 8UF"],
)
def test_what_staff_need_stays(kept):
    assert redact(kept) == kept


def test_what_was_sent_about_somebody_is_taken_out_however_it_is_written():
    payload = {"first_name": "Ada", "last_name": "O'Neil", "description": "It is out", "lat": 53}
    known = personal_values(payload)
    assert redact("ADA o'neil said: It is out. Adamant!", known) == (
        "[removed] [removed] said: [removed]. Adamant!"
    )


def test_address_of_an_email_is_taken_out():
    assert "shaw" not in redact(
        "550 ada.shaw@localhost", personal_values({"to": ["ada.shaw@localhost"]})
    )


@given(st.text(max_size=3000))
def test_answer_can_always_be_stored(answer):
    stored = redact(answer)
    assert len(stored) <= LONGEST_ANSWER
    assert "\0" not in stored
