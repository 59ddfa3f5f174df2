"""Where to write to somebody who reports without an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from accounts.limits import is_allowed
from stockport.forms import RadioSelect
from stockport.steps import StepForm
from street_reports.forms.follow import FollowForm, open_report

TOO_MANY = (
    "We have sent too many links to this address or from where you are. Wait an hour and try "
    "again, or sign in to report"
)


class JoinForm(FollowForm):
    """What to add to a report that is there; without anything there is nothing to send."""

    @property
    def where(self) -> str:
        """The address is asked for later."""
        return "We ask for your e-mail address on the next page."

    def clean(self) -> dict[str, Any]:
        """Either words or e-mails: otherwise there is nothing to do."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("updates") == "no" and not cleaned.get("information", "-"):
            self.add_error(
                "information",
                "Add something, or select yes for e-mails. If you want neither, you are done: we"
                " know about this fault",
            )
        return cleaned


class EmailForm(StepForm):
    """The address, and for a new report whether to write to it again."""

    email = forms.EmailField(
        label="What is your e-mail address?",
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
        error_messages={
            "required": "Enter your e-mail address",
            "max_length": "Enter an e-mail address like name@example.org",
        },
    )
    updates = forms.ChoiceField(
        label="Do you want e-mails about what happens?",
        help_text="You can stop them at any time, without signing in.",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=RadioSelect,
        error_messages={
            "required": "Select yes if you want e-mails about what happens",
            "invalid_choice": "Select yes if you want e-mails about what happens",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = (
            "We send a link to it. Nothing goes to the team until you use it. We do not give your"
            f" address to the people who do the repair, and delete it {settings.REPORT_EMAIL_DAYS}"
            " days after the fault has been dealt with."
        )
        if not self.is_new:  # they were asked beside what they add
            del self.fields["updates"]

    @property
    def is_new(self) -> bool:
        """Whether it is a report of their own."""
        return open_report(self.answers) is None

    def clean_email(self) -> str:
        """In lower case. Who sends this very page is counted: each address may lead to one link."""
        email = str(self.cleaned_data["email"]).lower()
        match = self.request.resolver_match
        is_sent = self.request.method == "POST" and match and match.kwargs.get("slug") == "email"
        if is_sent and not is_allowed(self.request, "street_report", email):
            raise forms.ValidationError(TOO_MANY)
        return email

    def rows(self) -> list[tuple[str, str]]:
        """Short names for the check page."""
        names = {"email": "E-mail address", "updates": "E-mails about what happens"}
        return [(names[name], self.shown(self[name])) for name in self.fields]
