"""Signing in: by what, how often, for how long."""

from datetime import timedelta

from stockport.settings import env

AUTH_USER_MODEL = "accounts.Resident"
# One backend: a second one would hash twice, and the admin has no sign-in of its own.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:dashboard"
LOGOUT_REDIRECT_URL = "home:start"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.NotCommon"},
    {"NAME": "accounts.passwords.NotGuessableHere"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_SERIALIZER = "stockport.sealing.SealedJson"
# Signed out after 30 minutes without a page, and after 12 hours in any case.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
# Visitors too, who may type a postcode at a library's computer and have nothing to sign out of.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Staff, who see everybody's records, sooner.
STAFF_SESSION_IDLE_SECONDS = 15 * 60
STAFF_SESSION_SECONDS = 10 * 60 * 60

ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "confirm_login_code": "accounts.forms.SignInCodeForm",
    "login": "accounts.forms.SignInForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignUpForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "20/m/ip,5/5m/key,30/h/key",
    "signup": "30/m/ip",
    "reset_password": "20/m/ip,5/h/key",
    "request_login_code": "20/m/ip,3/m/key,8/h/key",
    "confirm_email": "1/10s/key,6/h/key",
    # Links to confirm a report made without an account. A library's visitors share an address.
    "street_report": "30/h/ip,5/h/key",
}
MFA_ADAPTER = "accounts.second_step.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # of 30 seconds: clocks of phones differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_NAME = "trusted"
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
# Which residents have signed in with a browser before (accounts/browsers.py).
KNOWN_BROWSER_COOKIE_NAME = "known"
MFA_FORMS = {
    "add_webauthn": "accounts.second_step.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.second_step.forms.RenamePasskeyForm",
    "login_webauthn": "accounts.second_step.forms.SignInWithPasskeyForm",
    "authenticate_webauthn": "accounts.second_step.forms.PasskeyInsteadForm",
    "reauthenticate_webauthn": "accounts.second_step.forms.PasskeyAgainForm",
    "activate_totp": "accounts.second_step.forms.SetUpForm",
    "authenticate": "accounts.second_step.forms.CodeForm",
    "deactivate_totp": "accounts.second_step.forms.TurnOffForm",
    "signup_webauthn": "accounts.second_step.forms.FirstPasskeyForm",
    "generate_recovery_codes": "accounts.second_step.forms.NewCodesForm",
    "reauthenticate": "accounts.second_step.forms.CodeAgainForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 64
