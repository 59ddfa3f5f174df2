"""Widgets of the design system. Stock Django widgets work as they are; these add to them.

Their templates are in templates/govuk/widgets/, where the renderer looks before Django's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.forms.widgets import Input

# The first class that a widget is an instance of decides.
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, ""),  # and CheckboxSelectMultiple: their templates place the classes
    (forms.CheckboxInput, ""),
    (forms.Select, "govuk-select"),
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
)


def css_class(widget: forms.Widget, *, error: bool) -> str:
    """The control's classes: the component's, those of the widget's attrs, the error's."""
    base = next((css for kind, css in CLASSES if isinstance(widget, kind)), "")
    extra = {
        forms.CheckboxInput: "govuk-checkboxes__input",
        forms.PasswordInput: "govuk-password-input__input govuk-js-password-input-input",
        CharacterCount: "govuk-js-character-count",
    }
    more = [css for kind, css in extra.items() if isinstance(widget, kind)]
    own = widget.attrs.get("class", "")
    return " ".join(filter(None, [base, *more, own, f"{base}--error" if base and error else ""]))


class _Options(forms.RadioSelect):
    """Radios and checkboxes: a hint for each option, and "or" before the last one."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        *,
        hints: Mapping[str, str] | None = None,
        divider: str = "",
        exclusive: str = "",
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = hints or {}
        self.divider = divider
        self.exclusive = exclusive

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        """The options with their hints; the ids are name, name-2, name-3 as upstream has them."""
        groups = super().optgroups(name, value, attrs)
        for number, (_, (option,), _) in enumerate(groups, start=1):
            last = self.divider and number == len(groups)
            option["divider"] = self.divider if last else ""
            option["exclusive"] = self.exclusive == str(option["value"]) != ""
            option["hint"] = self.hints.get(str(option["value"]), "")
            # Upstream counts the divider as an item.
            suffix = f"-{number + bool(last)}" if number > 1 else ""
            option["attrs"]["id"] = self.attrs.get("id", (attrs or {}).get("id", "")) + suffix
        return groups


class RadioSelect(_Options):
    """One of a few: `hints` by value, `divider` ("or") before the last option."""


class CheckboxSelectMultiple(_Options, forms.CheckboxSelectMultiple):
    """Any of a few: `hints` and `divider` as for radios; `exclusive` is the value of "none"."""


class PasswordInput(forms.PasswordInput):
    """A password that can be shown; say which with attrs={"autocomplete": "new-password"}."""


class TextInput(forms.TextInput):
    """A line of text with a prefix or suffix that is not part of the answer, such as £."""

    template_name = "govuk/widgets/affixed.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, prefix: str = "", suffix: str = ""
    ) -> None:
        super().__init__(attrs)
        self.prefix = prefix
        self.suffix = suffix

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds what stands before and after the box."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"prefix": self.prefix, "suffix": self.suffix}
        return context


class CharacterCount(forms.Textarea):
    """A box that says how much may be written in it, and counts down as somebody types.

    `threshold` (percent) keeps the count quiet until that much is used. Give the field the same
    `max_length`: the script only tells, the field decides.
    """

    template_name = "govuk/widgets/character_count.html"

    def __init__(
        self, maxlength: int, attrs: dict[str, Any] | None = None, *, threshold: int = 0
    ) -> None:
        super().__init__(attrs)
        self.maxlength = maxlength
        self.threshold = threshold

    @property
    def group_attrs(self) -> dict[str, str]:
        """What the form group carries for the script."""
        attrs = {"data-module": "govuk-character-count", "data-maxlength": str(self.maxlength)}
        return attrs | ({"data-threshold": str(self.threshold)} if self.threshold else {})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the limit, for the message without a script."""
        context = super().get_context(name, value, attrs)
        context["widget"]["maxlength"] = self.maxlength
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The text with each line ending as one character, which is how the script counts it."""
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class DateParts(NamedTuple):
    """A date as typed."""

    day: str
    month: str
    year: str


class DateInput(forms.Widget):
    """Day, month and year in a box each; attrs={"autocomplete": "bday"} offers a birthday."""

    template_name = "govuk/widgets/date_input.html"
    use_fieldset = True
    PARTS: ClassVar[tuple[str, ...]] = DateParts._fields

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the three boxes, with an error class on those that are wrong."""
        wrong = (attrs or {}).pop("wrong_parts", ())
        context = super().get_context(name, value, attrs)
        typed = self.decompress(value)
        autocomplete = self.attrs.get("autocomplete")
        context["widget"]["parts"] = [
            {
                "name": f"{name}-{part}",
                "part": part,
                "value": getattr(typed, part),
                "error": part in wrong,
                "autocomplete": f"{autocomplete}-{part}" if autocomplete else "",
            }
            for part in self.PARTS
        ]
        return context

    @staticmethod
    def decompress(value: date | DateParts | None) -> DateParts:
        """What stands in the boxes for a date, for what was typed, or for nothing."""
        if isinstance(value, date):
            return DateParts(str(value.day), str(value.month), str(value.year))
        return value or DateParts("", "", "")

    def format_value(self, value: Any) -> Any:
        """The value as it is: the template writes it part by part."""
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> DateParts:
        """What was typed, without spaces round it."""
        return DateParts(*((data.get(f"{name}-{part}") or "").strip() for part in self.PARTS))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether none of the three boxes was sent."""
        return all(f"{name}-{part}" not in data for part in self.PARTS)
