"""What is sealed is read only with a key."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from stockport.sealing import Unreadable, seal, unseal

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@given(st.text(max_size=200))
def test_what_is_sealed_comes_back_as_it_was(text):
    assert unseal(seal(text)) == text


def test_the_same_text_never_looks_the_same():
    assert seal("a secret") != seal("a secret")


def test_key_is_changed_without_losing_anything(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = seal("a secret")
    settings.FIELD_KEYS = [NEW, OLD]
    assert unseal(sealed) == "a secret"
    newer = seal("another")
    settings.FIELD_KEYS = [NEW]
    assert unseal(newer) == "another"
    with pytest.raises(Unreadable):
        unseal(sealed)


@pytest.mark.parametrize("text", ["", "a secret", "gAAAAA", "é"])
def test_what_was_not_sealed_here_is_refused(text):
    with pytest.raises(Unreadable):
        unseal(text)
