"""The main pages, fetched once for every test of screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from tests.client import PortalClient
from tests.estate import Address, Estate
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import AssetFactory
from tests.journeys.shown import GALLERY, Shown, showing

OPEN = ("home:start", "account_login", "account_signup")
OWN = (
    *("home:dashboard", "accounts:index", "council_tax:index", "council_tax:account"),
    *(
        "council_tax:bill",
        "council_tax:letter",
        "benefits:worked_out",
        "benefits:index",
        "benefits:claim",
        "appointments:index",
    ),
    *("appointments:times", "appointments:check", "appointments:booked", "street_reports:index"),
    *("street_reports:report", "street_reports:new_check", "benefits:change_step"),
)


@pytest.fixture(scope="session")
def kept() -> dict[str, Any]:
    """The pages, once they have been fetched."""
    return {}


@pytest.fixture
def answers(
    kept: dict[str, Any], settings: Settings, tmp_path: Path, portal: PortalClient
) -> dict[str, Any]:
    """The main pages by address, of a resident who has one of everything."""
    if not kept:
        settings.MEDIA_ROOT = tmp_path / "media"
        estate = Estate(ResidentFactory.create())
        kept |= {path: portal.get(path) for path in map(reverse, OPEN)}
        estate.sign_in(portal)
        named = {page.name: str(page) for page in estate.pages}
        kept |= {named[name]: portal.get(named[name]) for name in OWN}
        kept[GALLERY] = portal.get(GALLERY, {"errors": ""})
        kept |= map_of(portal, estate)
    assert {answer.status_code for answer in kept.values()} == {200}
    return kept


def map_of(portal: PortalClient, estate: Estate) -> dict[str, Any]:
    """The page with the map, and the lights on it: one that is to be chosen, one without need."""
    latitude, longitude = 53.4062, -2.1582
    AssetFactory(latitude=latitude + 0.0002, longitude=longitude)
    AssetFactory(latitude=latitude - 0.0002, longitude=longitude, raise_new_job=2)
    steps = {str(page.values["slug"]): page for page in estate.in_session[1:]}
    portal.post(str(steps["find"]), {"q": "", "way": "map"})
    page = str(Address("street_reports:new_step", {**steps["find"].values, "slug": "map"}))
    box = "-2.1682,53.4012,-2.1482,53.4112"
    lights = reverse("street_reports:assets")
    asked = {"kind": "street_light", "zoom": "17", "box": box}
    return {page: portal.get(page), lights: portal.get(lights, asked)}


@pytest.fixture
def shown(answers: dict[str, Any]) -> Iterator[Shown]:
    """They are shown to whoever asks."""
    with showing(answers) as shown:
        yield shown
