"""Text reminders: for those who ask for them, where the council sends texts, each once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from accounts.models import Resident
from accounts.privacy import close_account
from appointments import actions
from appointments.models import Appointment, SentReminder
from appointments.phones import NotMobile, spoken, uk_mobile
from appointments.service import service as public
from stockport.db import violated_constraint
from stockport.outbox.delivering import drain
from stockport.outbox.models import Delivery, Destination
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.outbox import TextsFactory
from tests.notify import Notify, running_notify

pytestmark = pytest.mark.django_db
NUMBER, WRITTEN = "+447700900123", "07700 900123"
START = datetime(2027, 1, 20, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def notify(db: None) -> Iterator[Notify]:
    """A GOV.UK Notify that the council has set up."""
    with running_notify() as notify:
        TextsFactory(endpoint=notify.url)
        yield notify


@pytest.fixture
def texts(db: None) -> Destination:
    """The same, but nothing listens there."""
    return TextsFactory.create()


def booked(resident: Resident | None, **fields: Any) -> Appointment:
    return AppointmentFactory.create(
        resident=resident, starts_at=START, booked_at=START - 100 * HOUR, **fields
    )


def sent() -> list[str]:
    """The kinds of messages in the outbox, in order."""
    return list(Delivery.objects.order_by("created_at").values_list("kind", flat=True))


def page_of(made: Appointment) -> str:
    return f"/appointments/{made.uuid}/text/"


def test_resident_is_reminded_by_e_mail_and_by_text(
    notify: Notify, resident: Resident, time_machine: TimeMachineFixture
) -> None:
    made = booked(resident, text_to=NUMBER)
    time_machine.move_to(START - 24 * HOUR)

    assert (actions.remind(), actions.remind()) == (1, 0)

    assert sorted(sent()) == ["email", "text"]
    drain(Destination.objects.get(slug="texts").pk, seconds=5)
    [message] = notify.to(NUMBER)
    assert message["personalisation"] == {
        "council": "Stockport Council",
        "appointment": made.service.name,
        "day": "Wednesday 20 January 2027",
        "time": "10am",
        "place": made.desk.location.full_address,
        "reference": made.reference,
        "link": f"http://localhost:8000/appointments/{made.uuid}/",
    }


def test_text_does_not_say_what_a_private_appointment_is_about_nor_where_somebody_lives(
    notify: Notify, resident: Resident, time_machine: TimeMachineFixture
) -> None:
    booked(
        resident,
        text_to=NUMBER,
        service__name="Register a death",
        service__neutral_title=True,
        channel="home",
        address="9 Secret Street",
    )
    time_machine.move_to(START - HOUR)
    actions.remind()
    drain(Destination.objects.get(slug="texts").pk, seconds=5)

    [message] = notify.messages
    assert message["personalisation"]["appointment"] == "Council appointment"
    assert "death" not in str(message) and "Secret" not in str(message)


def test_resident_who_gave_no_number_gets_no_text(
    texts: Destination, resident: Resident, time_machine: TimeMachineFixture
) -> None:
    booked(resident)
    time_machine.move_to(START - HOUR)
    assert actions.remind() == 1
    assert sent() == ["email"]


def test_where_nobody_sends_texts_the_e_mail_goes_alone(
    resident: Resident, time_machine: TimeMachineFixture
) -> None:
    booked(resident, text_to=NUMBER)
    time_machine.move_to(START - HOUR)
    assert actions.remind() == 1
    assert sent() == ["email"]


def test_caller_without_e_mail_is_reminded_by_text_alone(
    texts: Destination, time_machine: TimeMachineFixture
) -> None:
    booked(None, caller_name="Ada Byron", phone=WRITTEN, text_to=NUMBER)
    time_machine.move_to(START - HOUR)
    assert actions.remind() == 1
    [text] = Delivery.objects.all()
    assert (text.kind, text.payload["to"]) == ("text", [NUMBER])
    assert "/appointments/" not in text.payload["values"]["link"]


def test_cancelled_appointment_is_not_texted_about(
    texts: Destination, resident: Resident, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(START - 99 * HOUR)
    actions.cancel(appointment=booked(resident, text_to=NUMBER))
    time_machine.move_to(START - HOUR)
    assert actions.remind() == 0
    assert "text" not in sent()


def test_moved_appointment_keeps_its_text_reminder(texts: Destination, resident: Resident) -> None:
    service, place = make_place()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    made = actions.confirm(appointment=held)
    actions.remind_by_text(appointment=made, number=NUMBER)
    moved = actions.move(appointment=made, place=place, starts_at=in_days(5))
    moved.refresh_from_db()
    assert moved.text_to == NUMBER


def remind_at_once(workers: int) -> int:
    """How many reminders so many workers send that look for what is due at the same time."""

    def remind(_: int) -> int:
        try:
            return actions.remind()
        finally:
            connection.close()

    TextsFactory()
    booked(ResidentFactory.create(), text_to=NUMBER)
    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(remind, range(workers)))


@pytest.mark.django_db(transaction=True)
def test_workers_that_remind_at_once_send_one_e_mail_and_one_text(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(START - HOUR)
    assert remind_at_once(4) == 1
    assert sorted(sent()) == ["email", "text"]


@pytest.mark.django_db(transaction=True)
def test_negative_control_without_the_record_of_a_reminder_each_worker_sends_it(
    time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_machine.move_to(START - HOUR)
    monkeypatch.setattr(SentReminder.objects, "get_or_create", lambda **row: (None, True))
    assert remind_at_once(4) == 4
    assert sent().count("text") == 4


def test_resident_asks_for_a_text_changes_the_number_and_stops_it(
    texts: Destination, portal: PortalClient, resident: Resident
) -> None:
    made = AppointmentFactory.create(resident=resident)
    portal.sign_in(resident)
    for page in (f"/appointments/{made.uuid}/", f"/appointments/{made.uuid}/booked/"):
        assert portal.get(page).page.select(f'a[href="{page_of(made)}"]')

    answer = portal.post(page_of(made), {"text_to": "(07700) 900-123"}, follow=True)
    assert "We will send you a text reminder." in answer.page.text("main")
    assert "Text reminder to 07700 900123" in " ".join(answer.page.text("main").split())
    made.refresh_from_db()
    assert made.text_to == NUMBER
    assert f'value="{WRITTEN}"' in portal.get(page_of(made)).content.decode()

    answer = portal.post(page_of(made), {"text_to": ""}, follow=True)
    assert "We will send you no texts." in answer.page.text("main")
    made.refresh_from_db()
    assert made.text_to == ""


def test_number_that_is_none_is_shown_again_with_how_to_put_it_right(
    texts: Destination, portal: PortalClient, resident: Resident
) -> None:
    made = AppointmentFactory.create(resident=resident)
    portal.sign_in(resident)
    answer = portal.post(page_of(made), {"text_to": "0161 496 0000"})
    assert answer.page.errors == ["Enter a UK mobile number, like 07700 900123"]
    assert 'value="0161 496 0000"' in answer.content.decode()


@pytest.mark.parametrize("reason", ["nobody sends texts", "it is over", "no reminders"])
def test_text_is_not_offered_where_there_would_be_none(
    reason: str, portal: PortalClient, resident: Resident
) -> None:
    if reason != "nobody sends texts":
        TextsFactory()
    days = -1 if reason == "it is over" else 3
    made = AppointmentFactory.create(resident=resident, starts_at=in_days(days))
    if reason == "no reminders":
        type(made.service).objects.update(reminder_hours=[])
    portal.sign_in(resident)
    assert page_of(made) not in portal.get(made.get_absolute_url()).content.decode()
    assert portal.get(page_of(made)).url == made.get_absolute_url()


def test_number_is_exported_and_goes_with_the_account(
    texts: Destination, resident: Resident, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(START - HOUR)
    made = booked(resident, text_to=NUMBER)
    actions.remind()
    [row] = dict(public.export(resident))["appointments"]
    assert row["text_to"] == NUMBER

    close_account(resident=resident)

    made.refresh_from_db()
    assert made.text_to == ""
    assert not Delivery.objects.filter(payload__to__contains=[NUMBER]).exists()


@pytest.mark.parametrize("number", ["07700900123", "+441614960000", "+44770090012"])
def test_database_keeps_numbers_in_one_form(number: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        AppointmentFactory.create(text_to=number)
    found = violated_constraint(caught.value)
    assert found == "appointments_appointment_texts_go_to_a_mobile"


@pytest.mark.parametrize(
    "typed",
    [
        "07700900123",
        "07700 900 123",
        "07700-900-123",
        "+447700900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "+4407700900123",
        "0044 7700 900123",
        "447700900123",
        "7700900123",
        "(07700) 900123",
        "\u00a007700\u2011900123 ",
    ],
)
def test_number_is_understood_however_it_is_typed(typed: str) -> None:
    assert uk_mobile(typed) == NUMBER
    assert spoken(uk_mobile(typed)) == WRITTEN


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0161 496 0000",
        "07000 900123",
        "07600 900123",
        "07700 90012",
        "07700 9001234",
        "+1 202 555 0123",
        "07700 900123 or 07700 900124",
        "٠٧٧٠٠٩٠٠١٢٣",
        "phone",
    ],
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(NotMobile):
        uk_mobile(typed)


def test_isle_of_man_has_mobile_numbers_too() -> None:
    assert uk_mobile("07624 900123") == "+447624900123"


@given(st.text())
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    try:
        number = uk_mobile(typed)
    except NotMobile:
        return
    assert uk_mobile(number) == uk_mobile(spoken(number)) == number
