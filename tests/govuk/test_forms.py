"""Our forms give upstream's HTML for upstream's own fixtures of form components."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from stockport.forms import (
    CharacterCount,
    CheckboxSelectMultiple,
    DateField,
    GovukForm,
    PasswordInput,
    RadioSelect,
    TextInput,
)
from stockport.widgets import DateParts
from tests.govuk.upstream import cases, content, prove, require, strict

HEADINGS = {"": "", "--l": "l", "--xl": "xl", "--m": "m", "--s": "s"}


class Group:
    """One field of a form, described with upstream's options."""

    def __init__(self, field: forms.Field, name: str, value: Any = None, heading: str = "") -> None:
        self.field, self.name, self.value, self.heading = field, name, value, heading
        self.error: str | ValidationError | None = None

    def draw(self) -> str:
        """The form group as a page has it, with the error where there is one."""
        form_class = type("Form", (GovukForm,), {self.name: self.field})
        given = {self.name: self.value}
        form = form_class(initial=given, auto_id="%s")
        if self.error is not None:
            form = form_class(data={}, initial=given, auto_id="%s")
            form.full_clean()
            form._errors.clear()
            form.add_error(self.name, self.error)
            form[self.name].value = lambda: self.value
        source = "{% question field size %}" if self.heading else "{{ field.as_field_group }}"
        context = Context({"field": form[self.name], "size": self.heading})
        return Template("{% load govuk %}" + source).render(context)


@strict
def named(
    *, text: str = "", html: str = "", isPageHeading: bool = False, classes: str = "", base: str
) -> tuple[str, str]:
    """A label or legend and its size as a heading."""
    require(bool(classes) == isPageHeading, "only a heading has a size")
    size = classes.removeprefix(f"{base}--") if isPageHeading else ""
    require(size in ("", "m", "l", "xl"), "only sizes of headings")
    return content(text=text, html=html), size


@strict
def message(*, text: str = "", html: str = "") -> str:
    return content(text=text, html=html)


@strict
def group(
    field_class: type[forms.Field], widget: forms.Widget, options: dict[str, Any], *, name: str,
    id: str = "", label: Any = None, hint: Any = None, errorMessage: Any = None, value: Any = None,
    describedBy: str = "", classes: str = "", attributes: Any = None, **more: Any,
) -> str:  # fmt: skip
    require(not more, f"unknown options {sorted(more)}")
    text, heading = named(**(label or {}), base="govuk-label")
    attrs = {"id": id or name, "aria-describedby": describedBy, "class": classes, **options}
    require("maxlength" not in (attributes or {}), "no box cuts what is typed short")
    attrs |= attributes or {}
    widget.attrs |= {key: attr for key, attr in attrs.items() if attr}
    field = field_class(widget=widget, label=text, help_text=message(**hint) if hint else "")
    drawn = Group(field, name, value, heading)
    drawn.error = message(**errorMessage) if errorMessage else None
    return drawn.draw()


def passed(options: dict[str, Any], *names: str) -> dict[str, Any]:
    """Takes the options that are attributes of the control out of the others."""
    taken = {name: options.pop(name) for name in names if name in options}
    return {name: _attribute(value) for name, value in taken.items()}


def _attribute(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) and not value else value


@strict
def affix(*, text: str = "", html: str = "") -> str:
    return content(text=text, html=html)


def text_input(**options: Any) -> str:
    fixes = {side: affix(**(options.pop(side, None) or {})) for side in ("prefix", "suffix")}
    widget = TextInput(**fixes)
    widget.input_type = options.pop("type", "text")
    attrs = passed(options, "inputmode", "autocomplete", "pattern", "autocapitalize", "disabled")
    if "spellcheck" in options:
        attrs["spellcheck"] = str(options.pop("spellcheck")).lower()
    return group(forms.CharField, widget, attrs, **options)


def textarea(**options: Any) -> str:
    attrs = passed(options, "rows", "autocomplete")
    if "spellcheck" in options:
        attrs["spellcheck"] = str(options.pop("spellcheck")).lower()
    return group(forms.CharField, forms.Textarea(), attrs, **options)


def character_count(**options: Any) -> str:
    require(options.get("maxlength"), "a count has a limit, in characters")
    widget = CharacterCount(options.pop("maxlength"), threshold=options.pop("threshold", 0))
    attrs = passed(options, "rows")
    if "spellcheck" in options:
        attrs["spellcheck"] = str(options.pop("spellcheck")).lower()
    return group(forms.CharField, widget, attrs, **options)


@strict
def select_item(*, value: Any = None, text: Any = "", selected: Any = None) -> Any:
    require(isinstance(value, str | int) and value is not False, "an option has a value")
    require(selected is not False, "the answer decides what is chosen")
    return value, text, selected


def select(**options: Any) -> str:
    items = [select_item(**item) for item in options.pop("items", None) or () if item]
    chosen = [value for value, _, selected in items if selected]
    options["value"] = options.get("value") or next(iter(chosen), None)
    widget = forms.Select(choices=[(value, text) for value, text, _ in items])
    attrs = passed(options, "disabled")
    return group(forms.CharField, widget, attrs, **options)


def password_input(**options: Any) -> str:
    widget = PasswordInput(render_value=True)
    return group(forms.CharField, widget, passed(options, "autocomplete"), **options)


def file_upload(**options: Any) -> str:
    attrs = passed(options, "disabled")
    require(not options.pop("multiple", False), "one file at a time")
    return group(forms.FileField, forms.FileInput(), attrs, **options)


@strict
def choice(
    *,
    value: Any = "",
    text: Any = "",
    html: str = "",
    hint: Any = None,
    checked: Any = None,
    behaviour: str = "",
) -> dict[str, Any]:
    require(isinstance(value, str) and checked is not False, "the answer decides what is chosen")
    return {
        "value": value, "label": content(text=text, html=html), "checked": checked,
        "hint": message(**hint) if hint else "", "exclusive": behaviour == "exclusive",
    }  # fmt: skip


@strict
def fieldset(*, legend: Any = None, describedBy: str = "") -> tuple[str, str, str]:
    return *named(**(legend or {}), base="govuk-fieldset__legend"), describedBy


def choices(widget_class: type[Any], options: dict[str, Any]) -> str:
    items = options.pop("items")
    require(all(items), "every item is an option")
    divider = next((item["divider"] for item in items if "divider" in item), "")
    require(not divider or "divider" in items[-2], "the divider stands before the last option")
    parsed = [choice(**item) for item in items if "divider" not in item]
    values = [item["value"] for item in parsed if item["checked"]]
    chosen = options.pop("value", None) or options.pop("values", None) or values
    widget = widget_class(
        choices=[(item["value"], item["label"]) for item in parsed],
        hints={str(item["value"]): item["hint"] for item in parsed if item["hint"]},
        divider=divider,
        exclusive=next((str(item["value"]) for item in parsed if item["exclusive"]), ""),
    )
    widget.use_fieldset = "fieldset" in options
    text, heading, described = fieldset(**(options.pop("fieldset", None) or {}))
    require("attributes" not in options, "the list of options carries classes only")
    options |= {"id": options.pop("idPrefix", ""), "describedBy": described}
    label = {"text": text}
    if heading:
        label |= {"isPageHeading": True, "classes": f"govuk-label--{heading}"}
    return group(forms.CharField, widget, {}, **options, value=chosen, label=label)


def radios(**options: Any) -> str:
    return choices(RadioSelect, options)


def checkboxes(**options: Any) -> str:
    if "fieldset" not in options:
        require(len(options["items"]) == 1, "only one box stands without a fieldset")
        return one_checkbox(**options)
    return choices(CheckboxSelectMultiple, options)


@strict
def one_checkbox(*, items: Any, idPrefix: str = "", value: Any = None, **options: Any) -> str:
    item = choice(**items[0])
    require(not item["hint"], "the hint of one box is the hint of the field")
    widget = forms.CheckboxInput(attrs={"value": item["value"]})
    options |= {"id": idPrefix, "value": bool(item["checked"]), "label": {"text": item["label"]}}
    return group(forms.BooleanField, widget, {}, **options)


@strict
def date_part(
    *,
    name: str = "",
    classes: str = "",
    error: Any = None,
    value: Any = None,
    autocomplete: str = "",
) -> dict[str, Any]:
    require(autocomplete in ("", f"bday-{name}"), "birthdays are what a browser fills in")
    error = True if "govuk-input--error" in classes else error
    width = [css for css in classes.split() if css != "govuk-input--error"]
    require(width in ([], [DATE_WIDTHS.get(name, "")]), "the boxes have upstream's widths")
    return {"name": name, "error": error, "value": value, "autocomplete": autocomplete}


DATE_WIDTHS = {
    "day": "govuk-input--width-2",
    "month": "govuk-input--width-2",
    "year": "govuk-input--width-4",
}


@strict
def date_input(
    *,
    id: str,
    fieldset: Any = None,
    items: Any = None,
    day: Any = None,
    month: Any = None,
    year: Any = None,
    values: Any = None,
    namePrefix: str = "",
    hint: Any = None,
    errorMessage: Any = None,
    classes: str = "",
) -> str:
    require(False not in (day, month, year), "a date has three parts")
    given = {"day": day, "month": month, "year": year}
    parts = [date_part(**item) for item in items or []]
    parts = parts or [date_part(**{"name": name, **(part or {})}) for name, part in given.items()]
    require([part["name"] for part in parts] == list(given), "day, month and year, in this order")
    typed = {part["name"]: part["value"] for part in parts}
    for name, value in (values or {}).items():
        part = name.removeprefix(f"{namePrefix}-")
        typed[part] = typed[part] or value
    said = [part["error"] for part in parts]
    hit = {True} if True in said else {None}
    wrong = tuple(part["name"] for part in parts if part["error"] in hit and set(said) != {None})
    require(errorMessage or not wrong, "a wrong part comes with a message")
    text, heading, described = globals()["fieldset"](**(fieldset or {}))
    attrs = {"id": id, "aria-describedby": described, "class": classes}
    attrs["autocomplete"] = parts[0]["autocomplete"].removesuffix("-day")
    field = DateField(label=text, help_text=message(**hint) if hint else "")
    field.widget.attrs |= {key: attr for key, attr in attrs.items() if attr}
    shown = DateParts(*(str(typed[name] or "") for name in given))
    field.widget.use_fieldset = bool(fieldset)
    drawn = Group(field, namePrefix or id, shown, heading)
    if errorMessage:
        params = {"parts": wrong} if wrong else {}
        drawn.error = ValidationError(message(**errorMessage), params=params)
    html = drawn.draw()
    if not namePrefix:  # Django needs the field's name in front; upstream's example leaves it out.
        html = html.replace(f'name="{id}-', 'name="')
    return html


@strict
def summary_item(*, text: str = "", html: str = "", href: str = "") -> tuple[str, str]:
    return content(text=text, html=html), href


@strict
def error_summary(*, titleText: str, errorList: Any) -> str:
    """A form with a field for each link; what has no link is about the whole form."""
    require(titleText == "There is a problem", "the title is always the same")
    items = [summary_item(**item) for item in errorList]
    require(items == sorted(items, key=lambda item: bool(item[1])), "the whole form comes first")
    fields = {f"f{n}": _linked(href) for n, (_, href) in enumerate(items) if href}
    form = type("Form", (GovukForm,), fields)(data={})
    for number, (text, href) in enumerate(items):
        form.add_error(f"f{number}" if href else None, text)
    return Template("{% load govuk %}{% error_summary form %}").render(Context({"form": form}))


def _linked(href: str) -> forms.Field:
    return forms.CharField(required=False, widget=forms.TextInput(attrs={"id": href[1:]}))


ADAPTERS = {
    "input": text_input,
    "textarea": textarea,
    "character-count": character_count,
    "select": select,
    "password-input": password_input,
    "file-upload": file_upload,
    "radios": radios,
    "checkboxes": checkboxes,
    "date-input": date_input,
    "error-summary": error_summary,
}


@pytest.mark.parametrize(("component", "name"), cases(ADAPTERS))
def test_field_is_drawn_as_upstream_draws_it(component: str, name: str) -> None:
    prove(component, name, ADAPTERS)
