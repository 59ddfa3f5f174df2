"""Which place is near: a postcode that is asked for, kept in the session, and put in no address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Resident
from appointments import actions
from appointments.models import DeskService, Location, Postcode, Service
from appointments.places import places
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.factories.appointments import (
    DeskFactory,
    DeskServiceFactory,
    LocationFactory,
    OpeningRuleFactory,
)

pytestmark = pytest.mark.django_db


def near_and_far() -> Service:
    """Town Hall is soon, Annexe is near SK8 and opens only on one day of the week, Attic never."""
    service, _ = make_place()
    spots = {"Annexe": ("53.395000", "-2.220000"), "Attic": ("53.395001", "-2.220001")}
    for name, (latitude, longitude) in spots.items():
        there = LocationFactory.create(
            name=name, slug=name.lower(), latitude=latitude, longitude=longitude
        )
        DeskServiceFactory.create(service=service, desk=DeskFactory.create(location=there))
    later = (in_days(1).weekday() + 4) % 7
    OpeningRuleFactory.create(location=Location.objects.get(slug="annexe"), weekday=later)
    Postcode.objects.create(code="SK8 1AA", latitude="53.394000", longitude="-2.221000")
    return service


def order(text: str) -> list[str]:
    return sorted(("Town Hall", "Annexe", "Attic"), key=text.index)


def test_places_come_soonest_first_or_nearest_first_and_empty_ones_last(
    portal: PortalClient,
) -> None:
    service = near_and_far()
    url = f"/appointments/book/{service.slug}/"

    page = portal.get(url).page
    assert order(page.text("main")) == ["Town Hall", "Annexe", "Attic"]
    assert "The soonest comes first." in page.text("main")
    assert portal.post(url, {"postcode": "sk81aa"}).url == url
    page = portal.get(url).page
    text = page.text("main")
    assert order(text) == ["Annexe", "Town Hall", "Attic"]
    assert "About 0.1 miles away" in text and "The nearest to SK8 1AA comes first." in text
    # No address carries it, and going back shows the same page.
    links = [a.get("href") for a in page.select("main h2 a")]
    assert links[0] == f"{url}annexe/"
    [back] = portal.get(links[1]).page.select(".govuk-back-link")
    assert order(portal.get(back.get("href")).page.text("main"))[0] == "Annexe"


@pytest.mark.parametrize("typed", ["SK9 9ZZ", "nowhere", "%00", "x" * 400, "SK8 1A\u0661"])
def test_postcode_that_is_not_known_is_said_so_and_kept(portal: PortalClient, typed: str) -> None:
    url = f"/appointments/book/{near_and_far().slug}/"

    page = portal.post(url, {"postcode": typed}).page

    assert page.errors == ["Enter a full postcode in the area, like SK1 3XE"]
    assert page.select("#id_postcode")[0].get("value") == typed
    assert order(page.text("main")) == ["Town Hall", "Annexe", "Attic"]


def test_distance_sorts_for_several_people_and_for_a_change_too(
    signed_in: PortalClient, resident: Resident
) -> None:
    service = near_and_far()
    Service.objects.update(max_people=2)
    town_hall = next(place for place in places(service) if place.slug == "town-hall")
    held = actions.hold(resident=resident, service=service, place=town_hall, starts_at=in_days(3))
    made = actions.confirm(appointment=held)

    for kept in ("people=2", f"move={made.uuid}"):
        url = f"/appointments/book/{service.slug}/?{kept}"
        signed_in.post(url, {"forget": "yes"})
        [form] = signed_in.get(url).page.select("main form[method=post]")
        assert form.get("action") == url
        assert signed_in.post(url, {"postcode": "SK8 1AA"}).url == url
        page = signed_in.get(url).page
        assert order(page.text("main")) == ["Annexe", "Town Hall", "Attic"]
        assert page.select("main h2 a")[0].get("href").endswith(f"?{kept}")


def test_postcode_is_in_no_address_up_to_the_sign_in_and_still_counts_after_it(
    portal: PortalClient,
) -> None:
    resident: Resident = ResidentFactory.create()
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    url, start = f"/appointments/book/{near_and_far().slug}/", in_days(3)
    times = f"{url}town-hall/{start.date()}/"

    portal.post(url, {"postcode": "SK8 1AA"})
    sign_in = portal.post(times, {"start": f"{start:%Y%m%dT%H%MZ}"}).url
    portal.post(sign_in, {"login": resident.email, "password": PASSWORD})

    assert times in unquote(sign_in) and "SK8" not in sign_in
    assert portal.get("/account/").status_code == 200
    assert order(portal.get(url).page.text("main"))[0] == "Annexe"


@pytest.mark.parametrize("leave", ["account_logout", "accounts:done"])
def test_postcode_is_gone_once_somebody_leaves(signed_in: PortalClient, leave: str) -> None:
    url = f"/appointments/book/{near_and_far().slug}/"
    signed_in.post(url, {"postcode": "SK8 1AA"})
    assert "SK8 1AA" in signed_in.get(url).page.html

    signed_in.post(reverse(leave))

    assert "SK8" not in signed_in.get(url).page.text("main")


def test_postcode_can_be_changed_and_removed_and_is_the_same_in_every_tab(
    portal: PortalClient,
) -> None:
    url = f"/appointments/book/{near_and_far().slug}/"
    Postcode.objects.create(code="SK1 3XE", latitude="53.4", longitude="-2.1")
    assert "Remove my postcode" not in portal.get(url).page.text("main")

    for typed in ("SK8 1AA", "SK1 3XE"):  # in one tab, and then in another
        portal.post(url, {"postcode": typed})
    page = portal.get(url).page
    assert page.select("#id_postcode")[0].get("value") == "SK1 3XE"
    assert "The nearest to SK1 3XE comes first." in page.text("main")
    # A mistake takes nothing away.
    page = portal.post(url, {"postcode": "SK1"}).page
    assert "The nearest to SK1 3XE comes first." in page.text("main")

    assert portal.post(url, {"postcode": "SK8 1AA", "forget": "yes"}).url == url
    page = portal.get(url).page
    assert "The soonest comes first." in page.text("main")
    assert page.select("#id_postcode")[0].get("value") is None


def test_page_with_a_postcode_is_stored_nowhere_and_its_cookie_goes_with_the_browser(
    portal: PortalClient,
) -> None:
    url = f"/appointments/book/{near_and_far().slug}/"

    wrong = portal.post(url, {"postcode": "SK9 9ZZ"})
    portal.post(url, {"postcode": "SK8 1AA"})

    for answer in (wrong, portal.get(url)):
        assert answer.headers["Cache-Control"] == "no-store"
    assert not portal.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert "SK8" not in PortalClient().get(url).page.text("main")


def test_postcode_is_named_where_there_is_one_place_and_forgotten_where_it_is_no_longer_known(
    portal: PortalClient,
) -> None:
    url = f"/appointments/book/{near_and_far().slug}/"
    portal.post(url, {"postcode": "SK8 1AA"})
    DeskService.objects.exclude(desk__location__slug="annexe").delete()
    text = portal.get(url).page.text("main")
    assert "The nearest to SK8 1AA comes first." in text and "Remove my postcode" in text

    Postcode.objects.all().delete()

    assert "SK8 1AA" not in portal.get(url).page.text("main")


def test_address_that_was_kept_with_a_postcode_passes_it_on_to_no_other(
    portal: PortalClient,
) -> None:
    url = f"/appointments/book/{near_and_far().slug}/?postcode=SK8+1AA"

    page = portal.get(url).page

    assert "SK8" not in page.text("main")
    assert not [e for e in page.select("[href], [action]") if "SK8" in str(e.attrib)]


def test_postcodes_are_read_from_the_directory_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "onspd.csv"
    file.write_text("pcds,lat,long,oa\nSK1 3XE,53.4,-2.1,E0\nM1 1AA,53.5,-2.2,E1\n")
    call_command("import_postcodes", file, "--area", "SK")
    assert [str(found) for found in Postcode.objects.all()] == ["SK1 3XE"]
    file.write_text("postcode,lat\nSK1 3XE,53.4\n")
    with pytest.raises(CommandError, match="no column long"):
        call_command("import_postcodes", file)
    assert Postcode.objects.count() == 1
