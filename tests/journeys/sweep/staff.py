"""Which pages staff look at: with nothing on record, and with one of everything."""

from __future__ import annotations

import re

from django.contrib import admin
from django.urls import reverse

from accounts.models import Resident
from stockport.admin import ReadOnlyAdmin
from tests.estate import ANSWERS, JOURNEY, Estate
from tests.factories.accounts import ResidentFactory
from tests.journeys.sweep.pages import Reader
from tests.routes import Route
from tests.staff_estate import fill
from tests.test_access_matrix import ANYBODY, MODELS, PAGES, page_of

INDEX, WHY = reverse("admin:index"), reverse("why_looking")
# What staff can do about a record has a page each, which the record's page leads to.
WITH_ACTS = ("admin:appointments_appointment_change", "admin:street_reports_report_change")
ACTS = re.compile(r'href="(/admin/[^"]+/do/[^"]+)"')
CALL = {slug: typed for slug, typed in ANSWERS.items() if slug not in ("photo", "updates")}
CALL |= {"caller": {"email": "caller@example.org", "updates": "on"}}
NAME_ONLY = ("/history/", "/delete/", "/add/")


def is_page(route: Route) -> bool:
    """Nobody adds to what only the back office changes, or deletes any of it."""
    named, _, kind = route.name.removeprefix("admin:").rpartition("_")
    record = admin.site._registry.get(MODELS.get(named))
    return kind not in ("add", "delete") or not isinstance(record, ReadOnlyAdmin)


def newcomer(reader: Reader, resident: Resident) -> list[str]:
    """The first member of staff: lists without rows, and forms to fill in."""
    sign_in(reader)
    own = [route.url() for route in PAGES if not route.converters and is_page(route)]
    return [*own, WHY]


def clerk(reader: Reader, resident: Resident) -> list[str]:
    """Somebody who may do everything, with one of everything."""
    Estate(resident)
    fill(resident)
    sign_in(reader)
    kept = [route for route in PAGES if route.name not in ANYBODY and is_page(route)]
    pages = [page_of(route) for route in kept]
    about = [page.address for page in pages if page.name in WITH_ACTS]
    acts = [act for address in about for act in ACTS.findall(reader.get(address).content.decode())]
    return [*(page.address for page in pages), *acts, *call(reader), INDEX, WHY]


def call(reader: Reader) -> list[str]:
    """The pages of a report for a caller, answered up to the last."""
    steps = [reverse("street_reports:call_step", args=[JOURNEY, slug]) for slug in CALL]
    for page, typed in zip(steps, CALL.values(), strict=True):
        reader.post(page, typed)
    return steps


def long_clerk(reader: Reader, resident: Resident) -> list[str]:
    """The same, but for pages that say no more of a record than its name."""
    return [page for page in clerk(reader, resident) if not page.endswith(NAME_ONLY)]


def sign_in(reader: Reader) -> None:
    reader.sign_in(ResidentFactory.create(staff=True))
