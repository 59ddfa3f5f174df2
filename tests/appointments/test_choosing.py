"""Looking round before booking: what is free where, for anybody who asks."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Resident
from appointments import actions
from appointments.models import Appointment, Channel, Closure, Desk
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
