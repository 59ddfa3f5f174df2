"""allauth.mfa's forms in the design system, with our words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.validators import MaxLengthValidator
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from stockport.forms import GovukFormMixin

LONGEST_NAME = 60
NOT_MADE = "The passkey was not made. Try again"
NOT_USED = "The passkey was not used. Try again"


def ask_code(field: forms.Field, hint: str) -> None:
    """Dress a field for a code; spaces that people type are taken out by allauth."""
    field.label, field.help_text = "Code", hint
    field.widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "class": "govuk-input--width-10 govuk-input--extra-letter-spacing",
        }
    )
    field.error_messages["required"] = "Enter the code"


def ask_name(field: forms.Field) -> None:
    """Dress a field for what a resident calls a passkey."""
    field.label, field.help_text = "Name", "So that you know it again, such as “My phone”"
    field.widget = forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"})
    field.error_messages["required"] = "Enter a name"
    field.validators.append(MaxLengthValidator(LONGEST_NAME))


def made(credential: Any) -> None:
    """Refuse what no browser made as a passkey; allauth would fall over parts that are missing."""
    _read(RegistrationResponse.from_dict, credential)


def used(credential: Any) -> None:
    """Refuse what no browser answered with a passkey."""
    _read(AuthenticationResponse.from_dict, credential)


def _read(read: Callable[[Any], object], credential: Any) -> None:
    try:
        read(credential)
    except (AttributeError, KeyError, TypeError, ValueError) as odd:
        raise forms.ValidationError(NOT_USED) from odd


class SetUpForm(GovukFormMixin, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code from the app shows that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_code(self.fields["code"], "The 6 digits that the app shows now")


class TurnOffForm(GovukFormMixin, totp.DeactivateTOTPForm):  # type: ignore[misc]
    """A button; allauth may refuse."""


class NewCodesForm(GovukFormMixin, recovery_codes.GenerateRecoveryCodesForm):  # type: ignore[misc]
    """A button; allauth may refuse."""


class AddPasskeyForm(GovukFormMixin, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """What the browser made, and what to call it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_name(self.fields["name"])
        self.fields["credential"].validators.append(made)
        # Every one of ours signs in by itself: the browser asks for a finger, a face or a PIN.
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].help_text = ""
        self.initial["passwordless"] = True

    def clean(self) -> dict[str, Any]:
        """What is wrong with a field that nobody sees is said where they look."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors.pop("credential", None):
            self.add_error("name", NOT_MADE)
        return data


class FirstPasskeyForm(GovukFormMixin, webauthn.SignupWebAuthnForm):  # type: ignore[misc]
    """What the browser made at the end of signing up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_name(self.fields["name"])
        self.fields["credential"].validators.append(made)

    def clean(self) -> dict[str, Any]:
        """What is wrong with a field that nobody sees is said where they look."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors.pop("credential", None):
            self.add_error("name", NOT_MADE)
        return data


class SignInWithPasskeyForm(webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """What the browser answered, of somebody whom we do not know yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].validators.append(used)


class PasskeyInsteadForm(webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """What the browser answered, instead of a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].validators.append(used)


class PasskeyAgainForm(webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """What the browser answered, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].validators.append(used)


class RenamePasskeyForm(GovukFormMixin, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_name(self.fields["name"])


class CodeForm(GovukFormMixin, base.AuthenticateForm):  # type: ignore[misc]
    """The second step itself: from the app, or one of those written down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_code(self.fields["code"], "6 digits from your app, or 8 from your recovery codes")


class CodeAgainForm(GovukFormMixin, base.ReauthenticateForm):  # type: ignore[misc]
    """The second step once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_code(self.fields["code"], "6 digits from your app, or 8 from your recovery codes")
