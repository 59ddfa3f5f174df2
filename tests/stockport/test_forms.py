"""Forms say what is wrong in plain words, keep what was typed, and understand what people type."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Resident
from stockport.forms import (
    CharacterCount,
    CheckboxSelectMultiple,
    DateField,
    GovukForm,
    GovukFormMixin,
    RadioSelect,
)
from stockport.widgets import DateParts
from tests.page import Page


class ReportForm(GovukForm):
    name = forms.CharField(label="Full name", max_length=5)
    email = forms.EmailField(label="E-mail address")
    place = forms.ChoiceField(choices=[("a", "Here"), ("b", "There")], widget=RadioSelect)
    needs = forms.MultipleChoiceField(
        choices=[("a", "Lift"), ("b", "Loop")], widget=CheckboxSelectMultiple, required=False
    )
    seen = DateField(label="When did you see it?", noun="The date")
    agree = forms.BooleanField(label="I agree")


def drawn(form: forms.BaseForm) -> Page:
    source = "{% load govuk %}{% error_summary form %}{{ form }}"
    return Page(Template(source).render(Context({"form": form})))


def test_every_field_says_how_to_put_it_right() -> None:
    assert drawn(ReportForm({})).errors == [
        "Enter full name",
        "Enter e-mail address",
        "Select place",
        "Enter an answer",
        "Tick the box to continue",
    ]


def test_wrong_address_is_shown_how_it_should_look() -> None:
    form = ReportForm({"email": "ada@example"})
    assert form.errors["email"] == ["Enter an e-mail address like name@example.org"]


def test_form_class_has_the_last_word_on_messages() -> None:
    field = forms.CharField(error_messages={"required": "Tell us who you are"})
    form = type("Form", (GovukForm,), {"name": field})({})
    assert form.errors["name"] == ["Tell us who you are"]


def test_summary_leads_to_the_first_control_at_fault() -> None:
    page = drawn(ReportForm({"seen-day": "4", "seen-month": "", "seen-year": "2026"}))
    links = [link.get("href", "") for link in page.select(".govuk-error-summary a")]
    assert "#id_place" in links
    assert "#id_seen-month" in links
    assert {link[1:] for link in links} <= page.ids.keys()


def test_nothing_typed_is_lost() -> None:
    typed = {"name": "Ada Shaw", "place": "b", "needs": ["a", "b"], "seen-month": "Febr"}
    page = drawn(ReportForm(typed))
    assert page.select('[name="name"][value="Ada Shaw"]')
    assert [box.get("value") for box in page.select("[checked]")] == ["b", "a", "b"]
    assert page.select('[name="seen-month"][value="Febr"]')


def test_what_is_typed_is_escaped() -> None:
    page = drawn(ReportForm({"name": '"><script>alert(1)</script>'}))
    assert not page.select("script")


def test_browser_is_left_out_of_checking() -> None:
    page = drawn(ReportForm({}))
    assert not page.select("[required], [aria-invalid], [maxlength], [placeholder]")


def test_optional_checkboxes_may_stay_empty() -> None:
    assert "needs" not in ReportForm({}).errors


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("31", "3", "1980", date(1980, 3, 31)),
        ("31", "Mar", "1980", date(1980, 3, 31)),
        ("1", "SEPTEMBER", "2026", date(2026, 9, 1)),
        ("1", "sept.", "2026", date(2026, 9, 1)),
        ("29", "02", "2024", date(2024, 2, 29)),
        (" 4 ", "4", "2026 ", date(2026, 4, 4)),
    ],
)
def test_date_is_understood_as_people_write_it(
    day: str, month: str, year: str, expected: date
) -> None:
    typed = {"when-day": day, "when-month": month, "when-year": year}
    form = type("Form", (GovukForm,), {"when": DateField()})(typed)
    assert form.is_valid()
    assert form.cleaned_data["when"] == expected


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "parts"),
    [
        ("", "3", "1980", "Date of birth must include a day", ("day",)),
        ("", "", "1980", "Date of birth must include a day and month", ("day", "month")),
        ("4", "3", "", "Date of birth must include a year", ("year",)),
        ("4", "3", "80", "Year must include 4 numbers", ("year",)),
        ("4", "3", "٢٠٢٦", "Year must include 4 numbers", ("year",)),
        ("32", "3", "1980", "Date of birth must be a real date", ("day",)),
        ("0", "3", "1980", "Date of birth must be a real date", ("day",)),
        ("4", "13", "1980", "Date of birth must be a real date", ("month",)),
        ("4", "Marzo", "1980", "Date of birth must be a real date", ("month",)),
        ("x", "y", "1980", "Date of birth must be a real date", ("day", "month")),
        ("31", "2", "1980", "Date of birth must be a real date", ("day", "month", "year")),
        ("1", "1", "0000", "Date of birth must be a real date", ("day", "month", "year")),
    ],
)
def test_date_error_names_the_part_at_fault(
    day: str, month: str, year: str, message: str, parts: tuple[str, ...]
) -> None:
    with pytest.raises(ValidationError) as failure:
        DateField(label="Date of birth").clean(DateParts(day, month, year))
    assert failure.value.messages == [message]
    assert failure.value.params == {"parts": parts}


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_comes_back_as_it_was_shown(day: date) -> None:
    field = DateField()
    assert field.clean(field.widget.decompress(day)) == day
    assert not field.has_changed(day, field.widget.decompress(day))


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_anything_typed_is_a_date_or_a_message(day: str, month: str, year: str) -> None:
    typed = DateParts(day, month, year)
    try:
        found = DateField(required=False).clean(typed)
    except ValidationError as error:
        assert len(error.messages) == 1
    else:
        assert found is None if typed == ("", "", "") else found.year == int(year)


def test_line_ending_counts_as_one_character() -> None:
    """As the script counts it; browsers send two."""
    field = forms.CharField(max_length=4, widget=CharacterCount(4))
    form = type("Form", (GovukForm,), {"text": field})({"text": "a\r\nbc"})
    assert form.is_valid()


def test_two_dates_in_one_form_keep_apart() -> None:
    typed = {f"{name}-{part}": "1" for name in ("start", "end") for part in ("day", "month")}
    form_class = type("Form", (GovukForm,), {"start": DateField(), "end": DateField()})
    form = form_class(typed | {"start-year": "2025", "end-year": "2026"})
    assert form.is_valid()
    assert form.cleaned_data == {"start": date(2025, 1, 1), "end": date(2026, 1, 1)}


def test_form_of_somebody_else_is_dressed_by_the_mixin() -> None:
    class Theirs(forms.Form):
        note = forms.CharField(widget=forms.Textarea(attrs={"placeholder": "Write"}))

    class Ours(GovukFormMixin, Theirs):
        pass

    page = drawn(Ours())
    assert page.select("textarea.govuk-textarea[rows='5']:not([cols]):not([placeholder])")


def test_admin_keeps_its_own_forms(db: None) -> None:
    assert isinstance(get_default_renderer(), DjangoTemplates)
    assert admin.site.is_registered(Resident)
