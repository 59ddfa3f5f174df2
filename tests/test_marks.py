"""Nothing personal gets out: somebody with marks on all that is theirs walks every journey, and
logs, addresses, error pages and what others, the broker and the cache are sent are searched for
the marks.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus, urlencode

import pytest
from celery.backends.base import DisabledBackend
from celery.signals import before_task_publish
from django.core.cache import cache
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Person, Resident
from appointments.models import Appointment, Postcode
from stockport.celery import app
from stockport.outbox.models import Delivery
from stockport.outbox.tasks import drain
from tests.accounts.mail import code_sent_to
from tests.cache import Watched
from tests.client import PortalClient
from tests.estate import ANSWERS, FORMS, LINKING, Estate, verified_sign_in
from tests.factories.accounts import PASSWORD
from tests.sent_form import SentForm
from tests.stockport.test_logs import logged_line

EMAIL = "zebedee.quillfeather@marks.example"
SECRET = "marzipan lighthouse 71"
TYPED = "I am Zebedee Quillfeather of 7 Xylophone Row, phone 01632 960717, marks.example"
MARKS = re.compile(
    r"zebedee|quillfeather|xylophone|960\s?717|marks\.example|SK99|marzipan|1971-02-03|QQ\s?12",
    re.IGNORECASE,
)
POSTCODE = "SK99 9ZZ"
PLACES = "appointments:places"
CHOSEN = ("radio", "checkbox", "select")  # nobody types in them
LINK = re.compile(r'(?:href|action|src)="(?!mailto:)([^"]*)"')


class Watching(PortalClient):
    """Keeps every address that an answer names, every form that would make one of what is typed,
    and every page that says that something failed.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.addresses: list[str] = []
        self.errors: list[str] = []
        self.asking: dict[str, SentForm] = {}

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        body = "" if answer.streaming else answer.content.decode(errors="replace")
        self.addresses += [answer.headers.get("Location", ""), *LINK.findall(body)]
        if answer.status_code >= 400:
            self.errors.append(body)
        if 'method="get"' in body:
            for form in answer.page.select("form[method=get]"):
                found = SentForm(self, form.get("action") or request["PATH_INFO"], form)
                self.asking[f"{found.url} {sorted(found.data)}"] = found
        return answer


def marked_estate() -> Estate:
    """One of everything; whose it is has marks."""
    marked = Resident.objects.create_user(EMAIL, PASSWORD)
    estate = Estate(marked)
    Person.objects.filter(links__resident=marked).update(
        forenames="Zebedee",
        surname="Quillfeather",
        address="7 Xylophone Row",
        postcode=POSTCODE,
        date_of_birth="1971-02-03",
    )
    Postcode.objects.create(code=POSTCODE, latitude="53.4", longitude="-2.1")
    Appointment.objects.filter(resident=marked).update(phone="01632 960717", notes=TYPED)
    return estate


@pytest.fixture
def portal(db: None) -> Watching:
    return Watching(raise_request_exception=False, headers={"user-agent": "Zebedee’s phone"})


def sign_up(portal: Watching) -> None:
    """As somebody new, with mistakes, up to a new password."""
    new = f"new-{EMAIL}"
    portal.post(reverse("account_signup"), {"email": new, "password1": "zebedee"})
    portal.post(reverse("account_signup"), {"email": new, "password1": SECRET})
    portal.post(reverse("account_email_verification_sent"), {"code": "marzipan"})
    portal.post(reverse("account_email_verification_sent"), {"code": code_sent_to(new)})
    portal.post(reverse("account_logout"))
    for password in (f"{SECRET}0", SECRET):
        portal.post(reverse("account_login"), {"login": new, "password": password})
    portal.post(reverse("account_logout"))
    for email in (new, f"nobody-{EMAIL}"):
        portal.post(reverse("account_reset_password"), {"email": email})
        portal.post(reverse("account_request_login_code"), {"email": email})


def walk(portal: PortalClient, estate: Estate, typed: str = TYPED) -> None:
    """Fill in each form with these words, send it, and open every page."""
    verified_sign_in(portal, estate.resident)
    forms = [(page, ANSWERS[str(page.values["slug"])]) for page in estate.in_session[1:]]
    forms += [(page, LINKING[str(page.values["slug"])]) for page in estate.linking[:-1]]
    for page in estate.asking:
        if slug := page.values.get("slug"):
            forms.append((page, FORMS[page.name.removesuffix("_step")][1][str(slug)]))
    forms += [(page, {"postcode": POSTCODE}) for page in estate.shared if page.name == PLACES]
    for page, answers in forms:
        portal.post(str(page), marked_answers(answers, typed) | {"unknown": typed})
    for page in estate.pages:
        if page.name not in ("account_logout", "accounts:done"):
            b"".join(portal.get(str(page)))
    for check in (page for page in estate.pages if page.name.endswith("_check")):
        portal.post(str(check))


def marked_answers(answers: dict[str, str], typed: str) -> dict[str, str]:
    """With marks where a resident writes what they like."""
    own = dict.fromkeys(("description", "where", "why", "more"), typed) | {"holder": "Zebedee"}
    own |= {"new_address": "7 Xylophone Row", "forenames": "Zebedee", "surname": "Quillfeather"}
    return {name: own.get(name, text) for name, text in answers.items()}


def ask(portal: Watching) -> None:
    """Send the forms whose answers a browser puts into the address, with marks in each box."""
    for form in list(portal.asking.values()):
        boxes = [name for name, kind in form.fields.items() if kind not in CHOSEN]
        address = f"{form.url}?{urlencode(form.data | dict.fromkeys(boxes, POSTCODE), doseq=True)}"
        portal.addresses.append(address)
        assert portal.get(address).status_code == 200, address


def stumble(portal: Watching) -> None:
    """Pages that are not there, not allowed, or fail, asked for with marks."""
    for path in ("no-such", "garbled", "forbidden", "too-many", "broken", "council-tax"):
        portal.get(f"/{path}/", {"q": TYPED})
    portal.get(f"/council-tax/{EMAIL}/")
    portal.get("/cookies/", headers={"referer": f"https://my.stockport.gov.uk/?{EMAIL}"})
    portal.handler.enforce_csrf_checks = True
    portal.post(reverse("account_login"), {"login": EMAIL, "password": SECRET})


def found_in(texts: list[str]) -> list[str]:
    """What has a mark in it, with what stands around it."""
    return [
        text[max(0, mark.start() - 60) : mark.end() + 60]
        for text in map(unquote_plus, texts)
        for mark in [MARKS.search(text)]
        if mark
    ]


class Messages:
    """What is given to the broker, whichever thread gives it."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def see(self, sender: str, body: object, headers: object, **more: object) -> None:
        """As Celery's signal `before_task_publish` has it."""
        self.seen.append(f"{sender} {body!r} {headers!r} {more.get('properties')!r}")

    def wait_for(self, task: str) -> None:
        """Nudges are sent from a thread of their own."""
        end = time.monotonic() + 10
        while not any(each.startswith(task) for each in self.seen) and time.monotonic() < end:
            time.sleep(0.05)


@pytest.fixture
def messages() -> Iterator[Messages]:
    messages = Messages()
    before_task_publish.connect(messages.see)
    yield messages
    before_task_publish.disconnect(messages.see)


@pytest.fixture
def cached(settings: Settings) -> list[str]:
    """What the caches are asked for and given."""
    Watched.seen.clear()
    watched = {"BACKEND": "tests.cache.Watched"}
    settings.CACHES = {name: watched | {"LOCATION": name} for name in settings.CACHES}
    return Watched.seen


@pytest.mark.urls("tests.stockport.faulty_urls")
def test_marks_are_seen_by_nobody_else(
    portal: Watching,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
    tmp_path: Path,
    messages: Messages,
    cached: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        sign_up(portal)
        walk(portal, marked_estate())
        ask(portal)
        stumble(portal)
    messages.wait_for("stockport.outbox.tasks.drain")
    own = [[EMAIL], [f"new-{EMAIL}"], [f"nobody-{EMAIL}"]]
    others = [
        mail for mail in Delivery.objects.filter(kind="email") if mail.payload.get("to") not in own
    ]
    assert any(form.url.startswith("/appointments/book/") for form in portal.asking.values())
    assert len(caplog.records) > 200 and len(portal.addresses) > 1000 and len(portal.errors) > 5
    assert messages.seen and len(cached) > 20
    assert found_in([str(logged_line(record)) for record in caplog.records]) == []
    assert found_in(portal.addresses) == []
    assert found_in(portal.errors) == []
    assert found_in([str(mail.payload) for mail in others]) == []
    assert found_in(messages.seen) == []
    assert found_in(cached) == []


def test_whatever_goes_to_the_broker_or_the_cache_is_searched(
    messages: Messages, cached: list[str]
) -> None:
    drain.apply_async(args=(f"to {EMAIL}",), retry=False)
    cache.set(f"asked-{EMAIL}", "Zebedee")
    cache.add("said", ["Quillfeather"])
    assert (len(found_in(messages.seen)), len(found_in(cached))) == (1, 3)


def test_results_of_tasks_are_kept_nowhere() -> None:
    assert type(app.backend) is DisabledBackend


def test_search_finds_a_mark_where_there_is_one() -> None:
    assert found_in(["?who=Zebedee+Quillfeather", "nothing", f"a%20{EMAIL}"]) == [
        "?who=Zebedee Quillfeather",
        f"a {EMAIL}",
    ]
