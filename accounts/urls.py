"""Every address under /account/. allauth's own list has pages that are not offered here."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from accounts import elsewhere, views, ways_in
from accounts.linking import views as linking
from accounts.second_step import keeping, passkeys
from accounts.second_step import views as second_step

pages = [
    path("", views.index, name="index"),
    path("looked/", views.looked, name="looked"),
    path("data/", views.data, name="data"),
    path("data/download/", views.download, name="download"),
    path("confirm/again/", ways_in.again, name="again"),
    path("devices/", views.devices, name="devices"),
    path("stay/", views.stay, name="stay"),
    path("done/", views.done, name="done"),
    path("close/", views.close, name="close"),
    path("closed/", views.closed, name="closed"),
    *linking.journey.urls(),
    path("linking/done/", linking.done, name="link_done"),
    path("linking/no-match/", linking.no_match, name="link_no_match"),
    path("linking/asked/", linking.asked, name="link_asked"),
    path("linking/<int:pk>/remove/", linking.remove, name="link_remove"),
    path("second-step/keep/<str:secret>/", keeping.keep, name="keep_second_step"),
]

urlpatterns = [
    path("", include((pages, "accounts"))),
    path("sign-up/", allauth.signup, name="account_signup"),
    path("sign-up/passkey/", allauth.signup_by_passkey, name="account_signup_by_passkey"),
    path("sign-up/passkey/make/", passkeys.sign_up, name="mfa_signup_webauthn"),
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-in/by-e-mail/", allauth.request_login_code, name="account_request_login_code"),
    path("sign-in/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/passkey/", passkeys.sign_in, name="mfa_login_webauthn"),
    path("sign-in/passkey/begin/", passkeys.begin, name="passkey_begin"),
    *elsewhere.routes(),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("confirm/", allauth.reauthenticate, name="account_reauthenticate"),
    path("second-step/", second_step.index, name="mfa_index"),
    path("second-step/code/", second_step.code, name="mfa_authenticate"),
    path("second-step/code-again/", second_step.code_again, name="mfa_reauthenticate"),
    path("second-step/remember/", second_step.remember, name="mfa_trust"),
    path("second-step/set-up/", second_step.set_up, name="mfa_activate_totp"),
    path("second-step/turn-off/", second_step.turn_off, name="mfa_deactivate_totp"),
    path("passkeys/", passkeys.index, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/name/", passkeys.rename, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove, name="mfa_remove_webauthn"),
    path("passkeys/confirm/", passkeys.confirm, name="mfa_reauthenticate_webauthn"),
    path("second-step/codes/", second_step.codes, name="mfa_view_recovery_codes"),
    path("second-step/codes/new/", second_step.new_codes, name="mfa_generate_recovery_codes"),
    path("email/", views.change_email, name="account_email"),
    path("email/code/", views.email_code, name="account_email_verification_sent"),
    path("password/", views.change_password, name="account_change_password"),
    path("password/set/", ways_in.set_password, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", views.reset_done, name="account_reset_password_from_key_done"),
]
