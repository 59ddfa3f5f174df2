"""What people paste carries characters that they cannot see: those never come back."""

import pytest
from django import forms
from django.http import QueryDict

from stockport.forms import GovukForm, PasswordInput
from stockport.text import visible


class PastedForm(GovukForm):
    words = forms.CharField()
    password = forms.CharField(widget=PasswordInput)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("line\x0bbreak of a word processor\x0c", "line break of a word processor "),
        ("\x00in\x01vis\x7fib\x9fle\ufffe", "invisible"),
        ("tab\t and\r\nline", "tab\t and\r\nline"),
        ("Zoë 👩‍👩‍👧 שלום £½", "Zoë 👩‍👩‍👧 שלום £½"),
    ],
)
def test_what_can_be_seen_is_kept(pasted: str, kept: str) -> None:
    assert visible(pasted) == kept


def test_form_takes_and_shows_what_was_pasted_without_it() -> None:
    form = PastedForm(QueryDict("words=a%00b&words=a%0Bb&password=a%00b"))
    assert not form.is_valid()
    assert form.cleaned_data == {"words": "a b"}
    assert form["words"].value() == "a b"


def test_password_is_never_changed_but_refused() -> None:
    form = PastedForm(QueryDict("words=a&password=a%00b"))
    assert form.errors == {"password": ["Password must only have characters you can type"]}
