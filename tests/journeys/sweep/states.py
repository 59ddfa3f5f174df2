"""Who looks at which pages: somebody who has nothing, everything, or everything at its longest.

The addresses come from the list of routes, so that a new page is looked at without being named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from stockport.gallery import GalleryForm
from tests.accounts.mail import code_sent_to
from tests.accounts.totp import code_at
from tests.estate import LINKING, Address, Estate, verified_sign_in
from tests.factories.accounts import PASSWORD
from tests.journeys.sweep import staff
from tests.journeys.sweep.long_words import lengthen
from tests.journeys.sweep.pages import RESIDENTS_WAYS, WORD, Reader
from tests.page import Page
from tests.routes import PORTAL, ROUTES
from tests.test_access_matrix import PAGES
from tests.test_routes import CALENDARS, MACHINES

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NEW_PASSWORD = "purple otter teapot"
SECOND_STEP = (
    *("index", "reauthenticate", "view_recovery_codes", "generate_recovery_codes"),
    "deactivate_totp",
)
# What leads elsewhere: to the first page of a form, to sign in, or away from a form that nobody
# sent. The pages that end a form are seen where it is sent well.
LEADS_ON = {
    *("account_reset_password_from_key_done", "accounts:closed", "accounts:link", "accounts:stay"),
    *("admin:login", "admin:logout", "admin:password_change", "admin:password_change_done"),
    *("appointments:index", "benefits:change", "benefits:disagree", "council_tax:ask"),
    *("mfa_login_webauthn", "street_reports:again", "street_reports:asked", "street_reports:call"),
    *("street_reports:new", "street_reports:without_account"),
}
# Files, and what scripts ask for or send.
NO_PAGES = {
    *("accounts:download", "admin:appointments_appointment_note", "admin:autocomplete"),
    *("admin:appointments_bankholiday_import", "admin:jsi18n", "admin:view_on_site"),
    *("admin:street_reports_report_export", "appointments:calendar", "benefits:paper"),
    *("benefits:payments_csv", "council_tax:transactions_csv", "passkey_begin"),
    *("street_reports:assets", "street_reports:photo"),
}
ELSEWHERE = LEADS_ON | NO_PAGES | MACHINES | CALENDARS
# Pages that are there half way only.
HALF_WAY = {
    "account_logout": "owner",
    "account_confirm_login_code": "by code",
    "account_email_verification_sent": "signing up",
    "mfa_authenticate": "second step",
    "mfa_trust": "last step",
    "mfa_signup_webauthn": "making a passkey",
    "account_set_password": "without a password",
} | {f"mfa_{page}": "secured" for page in SECOND_STEP}

Prepare = Callable[[Reader, Resident], list[str]]


@dataclass(frozen=True)
class State:
    """Somebody and the pages they look at; how they fill in forms; how many tests that makes."""

    prepare: Prepare
    ways: tuple[str, ...] = ()
    parts: int = 1


def visitor(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who has not signed in."""
    estate = Estate(resident)
    estate.visit(reader)
    return addresses(estate.plain, estate.visiting, estate.shared)


def newcomer(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who has nothing, where the council has nothing either."""
    verified_sign_in(reader, resident)
    return [route.url() for route in PORTAL if not route.converters]


def owner(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who has one of everything."""
    estate = Estate(resident)
    estate.sign_in(reader)
    for page in estate.linking[:-1]:
        reader.post(str(page), LINKING[str(page.values["slug"])])
    return addresses(estate.pages)


def developer(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who looks at the pages that exist in development only, and at what goes wrong."""
    reader.raise_request_exception = False
    gallery = [ROUTES["dev-components"].url()]
    gallery += [f"{gallery[0]}{name}/" for name in GalleryForm.base_fields if name != "agree"]
    wrong = ["/garbled/", "/no-such-page/", "/forbidden/", "/too-many/", "/broken/"]
    post = [ROUTES[name].url() for name in ("dev-mail", "dev-post")]
    letter = reverse("dev-post-letter", args=["bill"])
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    EmailMessage("Your code", "It is 123456.", to=["ada@example.org"], connection=backend).send()
    mails = Page(reader.get(post[0]).content.decode()).select("tbody a")
    post += [letter, *(mail.get("href") or "" for mail in mails)]
    return [*gallery, *(f"{address}?errors" for address in gallery), *post, *wrong]


def signing_up(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who gave an address and waits for the code."""
    reader.post(reverse("account_signup"), {"email": "n@example.org", "password1": NEW_PASSWORD})
    return [reverse("account_email_verification_sent")]


def by_code(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who signs in with a code instead of a password."""
    reader.post(reverse("account_request_login_code"), {"email": resident.email})
    return [reverse("account_confirm_login_code")]


def making_passkey(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who signs up with a passkey, and has still to make it."""
    reader.post(reverse("account_signup_by_passkey"), {"email": "n@example.org"})
    code = {"action": "verify", "code": code_sent_to("n@example.org")}
    reader.post(reverse("account_email_verification_sent"), code)
    return [reverse("mfa_signup_webauthn")]


def without_password(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who signed up with a passkey and comes in with a code."""
    resident.set_unusable_password()
    resident.save()
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    [enter] = by_code(reader, resident)
    reader.post(enter, {"action": "verify", "code": code_sent_to(resident.email)})
    return [reverse("account_set_password")]


def second_step(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who has given the password, of two steps."""
    TOTP.activate(resident, SECRET)
    RecoveryCodes.activate(resident)
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    reader.post(reverse("account_login"), {"login": resident.email, "password": PASSWORD})
    return [reverse("mfa_authenticate")]


def last_step(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who has given the code as well."""
    [code] = second_step(reader, resident)
    reader.post(code, {"code": code_at(SECRET, timezone.now())})
    return [reverse("mfa_trust")]


def secured(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who signed in with two steps, and looks after them."""
    [trust] = last_step(reader, resident)
    reader.post(trust, {"action": "no"})
    reader.give_password()
    return [reverse(f"mfa_{page}") for page in SECOND_STEP]


def long(prepare: Prepare, word: str) -> Prepare:
    """The same where every text is as long as it may be."""

    def lengthened(reader: Reader, resident: Resident) -> list[str]:
        prepared = prepare(reader, resident)
        lengthen(word)
        return prepared

    return lengthened


def addresses(*groups: Iterable[Address]) -> list[str]:
    return [str(address) for group in groups for address in group]


STATES = {
    "visitor": State(visitor, RESIDENTS_WAYS, parts=2),
    "newcomer": State(newcomer, RESIDENTS_WAYS, parts=2),
    "owner": State(owner, RESIDENTS_WAYS, parts=4),
    "owner, long": State(long(owner, WORD), parts=3),
    "developer": State(developer),
    "signing up": State(signing_up, ("empty", "wrong")),
    "by code": State(by_code, ("empty", "wrong")),
    "making a passkey": State(making_passkey, ("empty", "wrong")),
    "without a password": State(without_password, ("empty", "wrong")),
    "second step": State(second_step, ("empty", "wrong")),
    "last step": State(last_step, ("empty", "well")),
    "secured": State(secured, RESIDENTS_WAYS),
    "staff, newcomer": State(staff.newcomer, ("astray",)),
    "staff": State(staff.clerk, ("astray",)),
    "staff, long": State(long(staff.long_clerk, WORD)),
}


def home(route: str) -> str:
    """Whose page it is at least: there it must not lead elsewhere."""
    if route in HALF_WAY or route in ELSEWHERE or route not in ROUTES:
        return HALF_WAY.get(route, "")
    if route == "why_looking" or ROUTES[route] in PAGES:
        return "staff" if staff.is_page(ROUTES[route]) else ""
    if route.startswith("dev-"):
        return "developer"
    return "visitor" if ROUTES[route].is_public else "owner"
