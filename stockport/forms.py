"""Forms in the design system: GOV.UK Frontend's markup for every Django form, field and widget.

`GovukForm` is all that a page needs; `GovukFormMixin` dresses a form that somebody else wrote, or
one over a model. `{{ form.name.as_field_group }}` draws a whole form group, and
`{% question form.name %}` one whose label or legend is the page's heading.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.template.loader import select_template

from stockport.dates import DateField
from stockport.text import visible
from stockport.widgets import (
    CharacterCount,
    CheckboxSelectMultiple,
    DateInput,
    PasswordInput,
    RadioSelect,
    TextInput,
    css_class,
)

__all__ = [
    "CharacterCount",
    "CheckboxSelectMultiple",
    "DateField",
    "DateInput",
    "GovukForm",
    "GovukFormMixin",
    "PasswordInput",
    "RadioSelect",
    "TextInput",
]

NEVER_PRINTED = ("aria-invalid", "cols", "maxlength", "minlength", "placeholder", "required")
TEXTAREA_ROWS = 5
PASSWORD_ATTRS = {
    "autocapitalize": "none",
    "autocomplete": "current-password",
    "spellcheck": "false",
}


class GovukBoundField(BoundField):
    """A field with its ids, classes and descriptions as GOV.UK Frontend writes them."""

    @property
    def control_id(self) -> str:
        """The id that the label, hint and error message are named after."""
        return str(self.field.widget.attrs.get("id") or self.auto_id)

    @property
    def link_id(self) -> str:
        """The id of the control that the error summary leads to: the first one at fault."""
        if isinstance(self.field.widget, DateInput):
            return f"{self.control_id}-{self.wrong_parts[0]}"
        return self.control_id

    @property
    def error(self) -> str:
        """The one message that is shown: the first."""
        return str(self.errors[0]) if self.errors else ""

    @property
    def wrong_parts(self) -> tuple[str, ...]:
        """Which of day, month and year the error is about: all, where it does not say."""
        for error in self.form.errors.as_data().get(self.name, ()):
            return tuple((error.params or {}).get("parts", DateInput.PARTS))
        return ()

    @property
    def group_class(self) -> str:
        """The form group's classes."""
        kinds = {forms.PasswordInput: "password-input", CharacterCount: "character-count"}
        names = [name for kind, name in kinds.items() if isinstance(self.field.widget, kind)]
        classes = ["govuk-form-group", *(f"govuk-{name}" for name in names)]
        return " ".join(classes + ["govuk-form-group--error"] * bool(self.errors))

    @property
    def group_attrs(self) -> dict[str, str]:
        """What the form group carries for the component's script, its class apart."""
        if isinstance(self.field.widget, forms.PasswordInput):
            return {"data-module": "govuk-password-input"}
        return getattr(self.field.widget, "group_attrs", {})

    @property
    def fieldset_role(self) -> str:
        """Makes JAWS read the description of a fieldset of text boxes."""
        return "group" if isinstance(self.field.widget, DateInput) else ""

    @property
    def is_one_checkbox(self) -> bool:
        """A yes or no on its own: the label stands beside the box, not above it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def aria_describedby(self) -> str:
        """The ids that describe the control, in upstream's order: given, count, hint, error."""
        given = self.field.widget.attrs.get("aria-describedby", "")
        suffixes = [
            "-info" if isinstance(self.field.widget, CharacterCount) else "",
            "-hint" if self.help_text else "",
            "-error" if self.errors else "",
        ]
        ids = [f"{self.control_id}{suffix}" for suffix in suffixes if suffix]
        return " ".join([given, *ids] if given else ids)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Django's attributes without those that GOV.UK Frontend leaves out, with its classes."""
        widget = widget or self.field.widget
        attrs = dict[str, Any](super().build_widget_attrs(attrs, widget))
        if widget.is_hidden:
            return attrs
        # False keeps an attribute of the widget itself out of the page too.
        attrs |= dict.fromkeys(NEVER_PRINTED, False)
        if isinstance(widget, DateInput):
            attrs["wrong_parts"] = self.wrong_parts
        elif css := css_class(widget, error=bool(self.errors)):
            attrs["class"] = css
        if isinstance(widget, forms.PasswordInput):
            attrs = PASSWORD_ATTRS | widget.attrs | attrs
        if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
            attrs["rows"] = TEXTAREA_ROWS
        return attrs


class GovukRenderer(TemplatesSetting):
    """Draws forms from templates/govuk/; never the global FORM_RENDERER, which the admin uses."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> Any:
        """Our template of a widget where there is one, otherwise Django's."""
        ours = template_name.replace("django/forms/widgets/", "govuk/widgets/")
        return select_template([ours, template_name])


def noun_of(label: str) -> str:
    """A label inside a sentence: "Date of birth" gives "date of birth", "UPRN" stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def plain_messages(field: forms.Field, label: str) -> dict[str, str]:
    """Messages in plain English for what a form class leaves unsaid, by error code."""
    chosen = isinstance(field.widget, forms.Select | forms.RadioSelect)
    verb = "Select" if chosen or isinstance(field, forms.FileField) else "Enter"
    messages = {"max_length": f"{label} must be %(limit_value)d characters or fewer"}
    messages["min_length"] = f"{label} must be %(limit_value)d characters or more"
    messages["required"] = f"{verb} {noun_of(label)}"
    messages["null_characters_not_allowed"] = f"{label} must only have characters you can type"
    if isinstance(field.widget, forms.CheckboxInput):
        messages["required"] = "Tick the box to continue"
    if label.endswith("?"):
        messages = {"required": f"{verb} an answer"}
        messages["max_length"] = "Your answer must be %(limit_value)d characters or fewer"
    if isinstance(field, forms.EmailField):
        messages["invalid"] = "Enter an e-mail address like name@example.org"
    return messages


class GovukFormMixin(forms.BaseForm):
    """Any Django form in the design system: `class SignInForm(GovukFormMixin, LoginForm)`."""

    default_renderer = GovukRenderer
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stock = forms.Field.default_error_messages["required"]
        for name, field in self.fields.items():
            label = str(field.label or name.replace("_", " ").capitalize())
            own: dict[str, Any] = {
                code: text
                for code, text in field.error_messages.items()
                if code != "required" or text != stock
            }
            field.error_messages = plain_messages(field, label) | own
        if isinstance(self.data, QueryDict):
            self.data = self._without_unseen(self.data)

    def _without_unseen(self, sent: QueryDict) -> QueryDict:
        """What was typed or pasted, as a page can show it again; passwords stay as they are."""
        data = sent.copy()
        for name, values in sent.lists():
            field = self.fields.get(name)
            if not (field and isinstance(field.widget, forms.PasswordInput)):
                data.setlist(name, [visible(value) for value in values])
        return data


class GovukForm(GovukFormMixin, forms.Form):
    """A form of ours: labels, hints (help_text) and error messages live in its class."""
