"""Each role of staff opens the pages that the table of roles says, and no other page of the admin.

The pages come from the list of routes and their permissions from here, so that a new page, or a
new model, fails until somebody has said whose it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpResponseForbidden
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Resident
from accounts.roles import ROLES, permissions_of
from appointments.models import Appointment, Location
from stockport.admin import ReadOnlyAdmin
from street_reports.models import Report
from tests.client import PortalClient
from tests.estate import JOURNEY, Estate
from tests.factories.accounts import ResidentFactory
from tests.routes import ROUTES, STAFF, Route
from tests.snapshot import nothing_changes
from tests.staff_estate import fill

# Django's own, which say nothing of anybody.
ANYBODY = {
    f"admin:{page}"
    for page in ("index", "jsi18n", "login", "logout", "password_change", "password_change_done")
} | {"admin:view_on_site"}
# Which permission opens a page that is not one of a model's usual five.
OWN = {
    "admin:appointments_appointment_book": "appointments.add_appointment",
    "admin:appointments_appointment_closed": "appointments.view_appointment",
    "admin:appointments_appointment_do": "appointments.change_appointment",
    "admin:appointments_appointment_note": "appointments.change_appointment",
    "admin:appointments_appointment_report": "appointments.view_appointment",
    "admin:appointments_bankholiday_import": "appointments.add_bankholiday",
    "admin:appointments_location_day": "appointments.view_appointment",
    "admin:street_reports_report_do": "street_reports.change_report",
    "admin:street_reports_report_export": "street_reports.view_report",
    # What the addresses below make of them: a list of people, and the records of one app.
    "admin:autocomplete": "accounts.view_person",
    "admin:app_list": "outbox.view_destination",
} | {route.name: "street_reports.report_for_caller" for route in STAFF}
PEOPLE = "?app_label=accounts&model_name=personlink&field_name=person"
SHOWN = ("_list", "_changelist", "_history", "autocomplete")  # without a form
USUAL = {
    "changelist": ("view", "change"),
    "change": ("view", "change"),
    "history": ("view", "change"),
    "add": ("add",),
    "delete": ("delete",),
}
# What only a superuser looks at: what somebody has not sent yet, and what no work needs.
NO_ROLE = {"benefits.claimdraft", "street_reports.draft"}
MODELS = {model._meta.label_lower.replace(".", "_"): model for model in admin.site._registry}
REFUSED = (403, 404)
PAGES = [route for route in ROUTES.values() if route.name.startswith("admin:")] + STAFF


class Page(NamedTuple):
    """An address, and the permissions any of which opens it, and with which a form is sent."""

    name: str
    address: str
    opens: set[str]
    sends: set[str]


def page_of(route: Route) -> Page:
    """Where the route leads, about something that is there.

    KeyError: nobody has said whose page it is.
    """
    if route.name in OWN:
        opens = {OWN[route.name]}
        sends = set() if route.name.endswith(SHOWN) else opens
        return Page(route.name, own_address(route), opens, sends)
    named, _, kind = route.name.removeprefix("admin:").rpartition("_")
    model = MODELS[named]
    app, about = model._meta.app_label, model._meta.model_name
    opens = {f"{app}.{verb}_{about}" for verb in USUAL[kind]}
    sends = opens - {f"{app}.view_{about}"}
    if named == "accounts_linkrequest" and kind == "change":
        sends = {"accounts.decide_linkrequest"}
    if isinstance(admin.site._registry[model], ReadOnlyAdmin):
        opens, sends = (set() if kind in ("add", "delete") else opens), set()
    return Page(route.name, address_of(route, model), opens, sends)


def address_of(route: Route, model: type[Model]) -> str:
    if route.name.endswith(("changelist", "add")):
        return reverse(route.name)
    return reverse(route.name, args=[model._default_manager.values_list("pk", flat=True)[0]])


def own_address(route: Route) -> str:
    booked, report = Appointment.objects.filter(status="booked")[0], Report.objects.all()[0]
    about = {
        "admin:app_list": {"app_label": "outbox"},
        "admin:appointments_appointment_do": {"pk": booked.pk, "act": "move"},
        "admin:appointments_appointment_note": {"pk": booked.pk},
        "admin:appointments_location_day": {"pk": Location.objects.all()[0].pk},
        "admin:street_reports_report_do": {"pk": report.pk, "act": "end"},
        "street_reports:call_check": {"key": JOURNEY},
        "street_reports:call_step": {"key": JOURNEY, "slug": "kind"},
        "street_reports:call_taken": {"public_id": report.public_id},
    }
    if route.name in about:
        return reverse(route.name, kwargs=about[route.name])
    return route.url() + (PEOPLE if route.name == "admin:autocomplete" else "")


@pytest.fixture
def pages(resident: Resident, settings: Settings, tmp_path: Path) -> list[Page]:
    """All of them, about a resident who has one of everything."""
    settings.MEDIA_ROOT = tmp_path / "media"
    Estate(resident)
    fill(resident)
    return [page_of(route) for route in PAGES if route.name not in ANYBODY]


@pytest.fixture(autouse=True)
def _refused_in_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand pages are refused here; drawing “Forbidden” for each takes half of the time."""
    answer = HttpResponseForbidden()
    monkeypatch.setattr("stockport.urls.handler403", lambda *_, **__: answer, raising=False)


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest, portal: PortalClient) -> str:
    """Somebody in the role is signed in, and in no other."""
    staff = ResidentFactory.create(is_staff=True)
    staff.groups.add(Group.objects.get(name=request.param))
    portal.sign_in(staff)
    return request.param


def test_role_opens_and_sends_what_the_table_says_and_no_more(
    pages: list[Page], portal: PortalClient, role: str
) -> None:
    may, wrong = permissions_of(role), []
    for page in pages:
        status = portal.get(page.address).status_code
        if (status in REFUSED) == bool(page.opens & may) or status >= 500:
            wrong.append((status, page))
    assert wrong == []
    with nothing_changes():
        for page in pages:
            # Django's own pages look first at who asks, whatever they are asked for.
            if (page.opens & may or page.name in OWN) and not page.sends & may:
                status = portal.post(page.address, {"post": "yes"}).status_code
                assert status in (*REFUSED, 405) or page.name.endswith(SHOWN), page


def test_every_model_is_some_roles() -> None:
    seen = {name for role in ROLES for name in permissions_of(role)}
    labels = {model._meta.label_lower: model._meta for model in MODELS.values()}
    unseen = {
        label
        for label, options in labels.items()
        if f"{options.app_label}.view_{options.model_name}" not in seen
    }
    assert unseen == NO_ROLE
