"""allauth's forms in the design system, with our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxLengthValidator

from stockport.forms import GovukForm, GovukFormMixin, PasswordInput

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import Resident

WIDTH = "govuk-input--width-20"
CODE_LENGTH = 6
LONGEST_EMAIL = 254
LIKE_THIS = "Enter an e-mail address like name@example.org"


def ask_email(field: forms.Field, label: str, *, autocomplete: str, hint: str = "") -> None:
    """Dress a field for an e-mail address."""
    field.label, field.help_text = label, hint
    field.widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
    field.error_messages["required"] = f"Enter your {label.removeprefix('Your ').lower()}"
    field.error_messages["invalid"] = field.error_messages["max_length"] = LIKE_THIS
    # allauth would cut a longer one, and write to somebody else.
    field.validators.append(MaxLengthValidator(LONGEST_EMAIL))


def ask_password(field: forms.Field, label: str, *, autocomplete: str, hint: str = "") -> None:
    """Dress a field for a password, which the resident may show while typing."""
    field.label, field.help_text = label, hint
    field.widget = PasswordInput(attrs={"autocomplete": autocomplete, "class": WIDTH})
    field.error_messages["required"] = f"Enter your {label.lower()}"


def ask_new_password(field: forms.Field, label: str) -> None:
    """Dress a field for a password that is being chosen; it is asked for once and can be shown."""
    hint = "Use 12 characters or more. Three random words are easy to remember and hard to guess."
    ask_password(field, label, autocomplete="new-password", hint=hint)
    field.error_messages["required"] = "Enter a password"


def ask_code(field: forms.Field) -> None:
    """Dress a field for a code from an e-mail."""
    field.label = "Code"
    field.help_text = f"It is {CODE_LENGTH} digits, such as 123456"
    field.widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "class": "govuk-input--width-5 govuk-input--extra-letter-spacing",
        }
    )
    field.error_messages["required"] = "Enter the code from the e-mail"


class SignUpForm(GovukFormMixin, allauth.SignupForm):  # type: ignore[misc]
    """An e-mail address and a password are all that an account needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_email(
            self.fields["email"],
            "E-mail address",
            autocomplete="username",
            hint="We will send a code to this address to check that it is yours.",
        )
        if not self.by_passkey:
            ask_new_password(self.fields["password1"], "Password")

    def try_save(self, request: HttpRequest) -> tuple[Resident | None, HttpResponse | None]:
        """Both answers cost one password hash, so that time does not tell who has an account.

        With a passkey there is no password, and both cost none.
        """
        if self.account_already_exists and not self.by_passkey:
            make_password(self.cleaned_data["password1"])
        result: tuple[Resident | None, HttpResponse | None] = super().try_save(request)
        return result


class SignInForm(GovukFormMixin, allauth.LoginForm):  # type: ignore[misc]
    """The error never says which half was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_email(self.fields["login"], "E-mail address", autocomplete="username")
        ask_password(self.fields["password"], "Password", autocomplete="current-password")

    def clean(self) -> dict[str, Any]:
        """A refusal stands at the first field, where the error summary can lead."""
        try:
            super().clean()
        except forms.ValidationError as refusal:
            self.add_error("login", refusal)
        return self.cleaned_data


class ConfirmEmailForm(GovukFormMixin, allauth.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code from the e-mail, typed on any device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_code(self.fields["code"])


class RequestCodeForm(GovukFormMixin, allauth.RequestLoginCodeForm):  # type: ignore[misc]
    """Where to send a code that signs in once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_email(self.fields["email"], "E-mail address", autocomplete="username")


class SignInCodeForm(GovukFormMixin, allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code from the e-mail, typed on any device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_code(self.fields["code"])


class ResetPasswordForm(GovukFormMixin, allauth.ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_email(self.fields["email"], "E-mail address", autocomplete="username")


class NewPasswordForm(GovukFormMixin, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, after the link in the e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        ask_new_password(self.fields["password1"], "New password")


class SetPasswordForm(GovukFormMixin, allauth.SetPasswordForm):  # type: ignore[misc]
    """The first password of somebody who signs in another way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        ask_new_password(self.fields["password1"], "Password")


class ChangePasswordForm(GovukFormMixin, allauth.ChangePasswordForm):  # type: ignore[misc]
    """The current password proves who asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        ask_password(
            self.fields["oldpassword"], "Current password", autocomplete="current-password"
        )
        ask_new_password(self.fields["password1"], "New password")

    def clean_oldpassword(self) -> str:
        """A wrong one is a try that failed, limited and counted as where one signs in."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class ChangeEmailForm(GovukFormMixin, allauth.AddEmailForm):  # type: ignore[misc]
    """The new address counts once the code sent to it has been entered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_email(
            self.fields["email"],
            "New e-mail address",
            autocomplete="email",
            hint="We will send a code to this address to check that it is yours.",
        )


class ReauthenticateForm(GovukFormMixin, allauth.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_password(self.fields["password"], "Password", autocomplete="current-password")


class CloseAccountForm(GovukForm):
    """A tick that nobody sets by accident."""

    sure = forms.BooleanField(
        label="I understand that closing my account cannot be undone",
        error_messages={"required": "Tick the box to close your account"},
    )
