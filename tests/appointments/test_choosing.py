"""Looking round before booking: what is free where, for anybody who asks."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Resident
from appointments import actions
from appointments.models import Appointment, Channel, Closure, Desk, Location, Postcode, Service
from appointments.places import places
from stockport.outbox.models import Delivery
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


@pytest.fixture
def signed_in(portal: PortalClient, resident: Resident) -> PortalClient:
    portal.sign_in(resident)
    return portal


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
    page = portal.get(f"{url}?postcode=sk81aa").page
    text = page.text("main")
    assert order(text) == ["Annexe", "Town Hall", "Attic"]
    assert "About 0.1 miles away" in text and "The nearest to SK8 1AA comes first." in text
    # The address carries it, so that going back shows the same page.
    links = [a.get("href") for a in page.select("main h2 a")]
    assert links[0] == f"{url}annexe/?postcode=sk81aa"
    assert url in [a.get("href") for a in page.select("main p a")]
    back = portal.get(links[1]).page.select(".govuk-back-link")[0].get("href")
    assert back == f"{url}?postcode=sk81aa"


@pytest.mark.parametrize("typed", ["SK9 9ZZ", "nowhere", "%00", "x" * 400, "SK8 1A\u0661"])
def test_postcode_that_is_not_known_is_said_so_and_kept(portal: PortalClient, typed: str) -> None:
    service = near_and_far()

    page = portal.get(f"/appointments/book/{service.slug}/?postcode={quote(typed)}").page

    assert page.errors == ["Enter a full postcode in the area, like SK1 3XE"]
    assert page.select("#id_postcode")[0].get("value") == typed[:20].strip() or len(typed) > 20
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
        page = signed_in.get(f"/appointments/book/{service.slug}/?{kept}&postcode=SK8 1AA").page
        assert order(page.text("main")) == ["Annexe", "Town Hall", "Attic"]
        assert page.select("main h2 a")[0].get("href").endswith(f"?{kept}&postcode=SK8+1AA")
        name, value = kept.split("=")
        hidden = page.select(f"main form input[name={name}]")
        assert {field.get("value") for field in hidden} == {value}


def test_visitor_sees_all_times_and_signs_in_only_to_keep_one(portal: PortalClient) -> None:
    resident: Resident = ResidentFactory.create()
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    service, _ = make_place(max_people=2)
    start = in_days(3, 14)
    times = f"/appointments/book/{service.slug}/town-hall/{start.date()}/?people=2"

    assert portal.get("/appointments/").url == "/appointments/book/"
    assert "/appointments/" in [a.get("href") for a in portal.get("/").page.select("main a")]
    for path in ("", f"{service.slug}/?people=2", f"{service.slug}/town-hall/?people=2"):
        assert portal.get(f"/appointments/book/{path}").status_code == 200
    assert "You sign in or create an account next." in portal.get(times).page.text("main")
    sign_in = portal.post(times, {"start": f"{start:%Y%m%dT%H%MZ}"}).url
    assert not Appointment.objects.exists()
    form = {"login": resident.email, "password": PASSWORD}
    form["next"] = portal.get(sign_in).page.select("input[name=next]")[0].get("value")
    back = (
        portal.post("/accounts/login/", form).url
        if "/accounts/" in sign_in
        else portal.post(sign_in.partition("?")[0], form).url
    )
    assert back.startswith(times)
    [chosen] = portal.get(back).page.select("input[checked]")

    portal.post(back, {"start": chosen.get("value")})

    held = Appointment.objects.get()
    assert (held.starts_at, held.people, held.resident) == (start, 2, resident)


def test_visitor_is_not_told_that_somebody_has_an_appointment(portal: PortalClient) -> None:
    service, place = make_place()
    held = actions.hold(
        resident=ResidentFactory.create(), service=service, place=place, starts_at=in_days(3)
    )
    made = actions.confirm(appointment=held)

    page = portal.get(f"/appointments/book/{service.slug}/?move={made.uuid}").page

    assert "You are changing" not in page.text("main")


def test_council_visits_the_address_that_the_resident_gives(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    DeskServiceFactory.create(service=service, desk=place.desks[0], channel=Channel.HOME)
    page = signed_in.get(f"/appointments/book/{service.slug}/").page
    assert "At your home" in page.text("main") and "We come to you." in page.text("main")
    home = next(found for found in places(service) if found.channel == Channel.HOME)
    held = actions.hold(resident=resident, service=service, place=home, starts_at=in_days(3))
    check, address = (f"/appointments/held/{held.uuid}/{page}/" for page in ("check", "address"))

    needs = signed_in.get(f"/appointments/held/{held.uuid}/needs/").page.text("main")
    assert "Step-free" not in needs and "Sign Language" in needs
    assert signed_in.get(check).url == address
    assert signed_in.post(address, {"address": " "}).page.errors == ["Enter the address to visit"]
    signed_in.post(address, {"address": "1 High Street\r\nStockport\r\nSK1 3XE"})
    text = signed_in.get(signed_in.post(check).url).page.text("main")

    assert "At your home: 1 High Street, Stockport, SK1 3XE" in text
    assert "We will come to you." in text
    body = Delivery.objects.get().payload["body"]
    assert "1 High Street, Stockport, SK1 3XE" in body and "council pass" in body


@pytest.mark.parametrize("url", ["", "https://video.example.org/room"])
def test_video_appointment_says_how_to_join(
    signed_in: PortalClient, resident: Resident, url: str
) -> None:
    service, place = make_place()
    Desk.objects.update(video_url=url)
    DeskServiceFactory.create(service=service, desk=place.desks[0], channel=Channel.VIDEO)
    video = next(found for found in places(service) if found.channel == Channel.VIDEO)
    held = actions.hold(resident=resident, service=service, place=video, starts_at=in_days(3))

    page = signed_in.get(signed_in.post(f"/appointments/held/{held.uuid}/check/").url).page

    body = Delivery.objects.get().payload["body"]
    if url:
        assert url in [a.get("href") for a in page.select("main a")]
        assert url in body
    else:
        assert "We will send you the link" in page.text("main")
        assert "We will send you the link" in body


def test_postcodes_are_read_from_the_directory_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "onspd.csv"
    file.write_text("pcds,lat,long,oa\nSK1 3XE,53.4,-2.1,E0\nM1 1AA,53.5,-2.2,E1\n")
    call_command("import_postcodes", file, "--area", "SK")
    assert [str(found) for found in Postcode.objects.all()] == ["SK1 3XE"]
    file.write_text("postcode,lat\nSK1 3XE,53.4\n")
    with pytest.raises(CommandError, match="no column long"):
        call_command("import_postcodes", file)
    assert Postcode.objects.count() == 1


def test_where_nothing_is_near_other_places_and_the_phone_are_shown_with_their_nearest_times(
    portal: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    start = in_days(20)
    Closure.objects.create(desk=place.desks[0], starts_at=timezone.now(), ends_at=in_days(90))
    for name, hours in (("library", 4), ("depot", 2)):
        desk = DeskFactory.create(location=LocationFactory.create(slug=name, name=name.title()))
        DeskServiceFactory.create(service=service, desk=desk)
        opens = time(10 + hours)
        for weekday in range(7):
            OpeningRuleFactory.create(location=desk.location, weekday=weekday, opens=opens)
    DeskServiceFactory.create(service=service, desk=desk, channel="phone")
    portal.sign_in(resident)
    stamp = f"{start:%Y%m%dT%H%MZ}"

    answer = portal.post(
        f"/appointments/book/{service.slug}/town-hall/{start.date()}/", {"start": stamp}
    )

    assert answer.status_code == 409
    links = {
        link.text: link.get("href")
        for link in answer.page.select("main ul a")
        if link.text and " at " in link.text
    }
    assert [words.split(", ")[-1] for words in links] == ["at Depot", "by phone", "at Library"]
    first = portal.get(next(iter(links.values()))).page
    assert [radio.get("value") for radio in first.select("input[checked]")] == [
        f"{start + timedelta(hours=2):%Y%m%dT%H%MZ}"
    ]
