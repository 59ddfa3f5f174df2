"""What residents tell the council or ask of it: the journey, the delivery, what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Resident
from council_tax.models import Account, Request
from council_tax.models.request import ANSWERS, Kind
from council_tax.requests import send_request
from council_tax.service import service
from stockport.outbox.connectors.base import Update
from stockport.outbox.models import Delivery, Destination
from stockport.requested import AlreadyAsked
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.council_tax import RequestFactory, household
from tests.factories.outbox import DeliveryFactory

pytestmark = pytest.mark.django_db

DAY = {"day": "3", "month": "5", "year": "2026"}
# The pages of each kind: slug, what is typed, and what is sent of it.
KINDS: dict[str, list[tuple[str, dict[str, str], dict[str, str]]]] = {
    "moved": [
        ("moved", {f"moved_on-{k}": v for k, v in DAY.items()}, {"moved_on": "2026-05-03"}),
        ("new-address", {"new_address": "2 Low St"}, {"new_address": "2 Low St"}),
    ],
    "discount_start": [
        ("alone", {f"alone_since-{k}": v for k, v in DAY.items()}, {"alone_since": "2026-05-03"})
    ],
    "discount_end": [
        ("joined", {f"joined_on-{k}": v for k, v in DAY.items()}, {"joined_on": "2026-05-03"})
    ],
    "disabled_band": [("feature", {"feature": "bathroom"}, {"feature": "bathroom"})],
    "instalments": [
        ("number", {"number": "12"}, {"number": "12"}),
        ("day", {"day": "25"}, {"day": "25"}),
    ],
    "arrangement": [
        ("amount", {"amount": "25.50"}, {"amount": "25.50"}),
        ("every", {"every": "week"}, {"every": "week"}),
    ],
    "looks_wrong": [("wrong", {"what": "The band"}, {"what": "The band"})],
    "no_access": [("no-access", {"what": "No code came"}, {"what": "No code came"})],
    "paperless": [("paperless", {"bills": "online"}, {"bills": "online"})],
}


@pytest.fixture
def asking(portal: PortalClient, resident: Resident) -> PortalClient:
    # As staff leave it once they have set its address.
    Destination.objects.filter(slug="revenues").update(paused_at=None, pause_reason="")
    portal.sign_in(resident)
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC)):
        yield portal


def begin(portal: PortalClient) -> str:
    """The address of a fresh journey."""
    return str(portal.get("/council-tax/ask/").url.rsplit("/", 2)[0])


def fill_in(portal: PortalClient, kind: str) -> Any:
    """Answer everything and send it; the page that confirms it."""
    at = begin(portal)
    answer = portal.post(f"{at}/what/", {"kind": kind})
    for slug, typed, _ in KINDS[kind]:
        assert answer.url == f"{at}/{slug}/"
        answer = portal.post(answer.url, typed)
    assert answer.url == f"{at}/check/"
    assert portal.get(answer.url).page.h1 == "Check your answers"
    return portal.post(answer.url, follow=True)


def test_every_kind_is_tried_here() -> None:
    assert set(KINDS) == set(Kind.values) == set(ANSWERS)


@pytest.mark.parametrize("kind", KINDS)
def test_resident_asks_checks_the_answers_and_gets_a_reference(
    kind: str, asking: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=8 if kind == "instalments" else 7)
    if kind == "discount_start":
        account.charge_periods.get().lines.all().delete()
    answer = fill_in(asking, kind)
    asked = Request.objects.for_resident(resident).get()
    expected = {name: value for page in KINDS[kind] for name, value in page[2].items()}
    assert answer.page.h1 == f"Request {asked.reference}"
    assert asked.answers == expected
    assert asked.delivery.destination.slug == "revenues"
    assert asked.delivery.reference == asked.reference
    assert asked.delivery.payload == {
        "kind": kind,
        "account_reference": account.reference,
        "person_reference": resident.person_links.get().person.reference,
        "answers": expected,
    }
    page = asking.get(account.get_absolute_url()).page
    assert "on its way to the revenues team" in page.text("main")


REFUSED = [
    ("discount_start", {}, "already has the single person discount"),
    ("arrangement", {"balance": Decimal(0)}, "nothing to pay"),
    ("arrangement", {"arrangement": True}, "a payment arrangement already"),
    ("instalments", {"stage": "final_notice"}, "ask for an arrangement instead"),
    ("instalments", {"arrangement": True}, "You pay by a payment arrangement"),
    ("instalments", {"stage": "summons", "stage_date": date(2026, 5, 4)}, "ask for an arrangement"),
    # The order is about the year before: this year's bill is still paid by instalments.
    (
        "instalments",
        {"stage": "liability_order", "stage_date": date(2025, 11, 24)},
        "£90.00 was due on 1 November 2026 and is not paid",
    ),
    ("instalments", {}, "£90.00 was due on 1 November 2026 and is not paid"),
    ("moved", {"status": "closed", "closed": date(2026, 9, 1)}, "This account is closed"),
]


@pytest.mark.parametrize(("kind", "fields", "reason"), REFUSED)
def test_what_the_account_does_not_allow_is_said_before_any_other_question(
    kind: str, fields: dict[str, Any], reason: str, asking: PortalClient, resident: Resident
) -> None:
    household(resident)
    Account.objects.update(**fields)
    page = asking.post(f"{begin(asking)}/what/", {"kind": kind}).page
    assert len(page.errors) == 1
    assert reason in page.errors[0]


@pytest.mark.parametrize("kind", ["no_access", "arrangement"])
def test_who_is_not_behind_has_nothing_to_hold_and_nothing_to_agree(
    kind: str, asking: PortalClient, resident: Resident
) -> None:
    household(resident, paid=8)
    page = asking.post(f"{begin(asking)}/what/", {"kind": kind}).page
    assert "Nothing is late on this account" in page.errors[0]


def choose(portal: PortalClient, number: str, day: str) -> Any:
    """Ask for so many instalments on that day; the answer to it."""
    at = begin(portal)
    portal.post(f"{at}/what/", {"kind": "instalments"})
    portal.post(f"{at}/number/", {"number": number})
    return portal.post(f"{at}/day/", {"day": day}, follow=True)


START, BEFORE = "When it would start", "What you pay before that"
ESTIMATE = "What you would pay from then on (an estimate)"


@pytest.mark.parametrize(
    ("paid", "number", "day", "says"),
    [
        # 1 December is within the 14 days of a new notice, so January is the first new month.
        (
            8,
            "12",
            "25",
            {
                START: "25 January 2027",
                BEFORE: "£90.00 on 1 December 2026",
                ESTIMATE: "£30.00 on 25 January 2027,"
                " then 2 payments of £30.00, the last on 25 March 2027",
            },
        ),
        (9, "10", "25", {START: "25 January 2027", ESTIMATE: "£90.00 on 25 January 2027"}),
        (10, "12", "1", {START: "With your next yearly bill, which comes in March"}),
    ],
)
def test_other_instalments_say_when_they_start_and_what_they_would_be(
    paid: int,
    number: str,
    day: str,
    says: dict[str, str],
    asking: PortalClient,
    resident: Resident,
) -> None:
    household(resident, paid=paid)
    answer = choose(asking, number, day)
    page = answer.page
    assert all(words in page.text("main") for pair in says.items() for words in pair)
    # What follows from the answers has no link that would seem to change it.
    assert len(page.select(".govuk-summary-list__actions a")) == 3
    asking.post(answer.redirect_chain[-1][0])
    assert list(Request.objects.get().summary)[-len(says) :] == [list(row) for row in says.items()]


def test_payments_are_not_estimated_where_there_is_more_to_pay_than_instalments(
    asking: PortalClient, resident: Resident
) -> None:
    household(resident, paid=8)
    Account.objects.update(balance=Decimal(500))
    text = choose(asking, "12", "25").page.text("main")
    assert "When it would start" in text
    assert "estimate" not in text


def test_how_the_bill_is_paid_now_is_not_asked_for(
    asking: PortalClient, resident: Resident
) -> None:
    household(resident, paid=8)
    assert "This is how you pay now" in choose(asking, "10", "1").page.errors[0]


def test_other_days_are_for_direct_debit(asking: PortalClient, resident: Resident) -> None:
    household(resident, paid=8)
    Account.objects.update(payment_method="card")
    page = choose(asking, "12", "15").page
    assert page.errors == ["Select one of the days"]
    assert "once you pay by Direct Debit" in page.text("main")
    assert choose(asking, "12", "1").page.h1 == "Check your answers"


def test_how_bills_come_now_is_said_before_another_way_is_asked_for(
    asking: PortalClient, resident: Resident
) -> None:
    account = household(resident, bills_by="paper")
    assert "How bills come On paper, by post" in asking.get(account.get_absolute_url()).page.text(
        "main"
    )
    at = begin(asking)
    assert "Yours come on paper, by post now." in asking.get(f"{at}/what/").page.text("main")
    asking.post(f"{at}/what/", {"kind": "paperless"})
    text = asking.get(f"{at}/paperless/").page.text("main")
    assert "On paper, by post (as now)" in text
    assert f"We e-mail you at {resident.email} when one has come." in text
    page = asking.post(f"{at}/paperless/", {"bills": "paper"}).page
    assert page.errors == ["Your bills come that way now: there is nothing to change"]
    assert asking.post(f"{at}/paperless/", {"bills": "online"}).url == f"{at}/check/"


def test_second_of_two_tabs_reads_that_it_was_sent_and_with_which_reference(
    asking: PortalClient, resident: Resident
) -> None:
    household(resident)
    tabs = [begin(asking), begin(asking)]
    for at, words in zip(tabs, ("The band", "The dates"), strict=True):
        asking.post(f"{at}/what/", {"kind": "looks_wrong"})
        asking.post(f"{at}/wrong/", {"what": words})
    asking.post(f"{tabs[0]}/check/")
    page = asking.post(f"{tabs[1]}/check/", follow=True).page
    asked = Request.objects.get()
    assert asked.reference in page.errors[0]
    assert asked.answers == {"what": "The band"}


def test_home_that_is_exempt_has_nothing_that_a_discount_could_lower(
    asking: PortalClient, resident: Resident
) -> None:
    household(resident).charge_periods.get().lines.update(type="exemption", code="N")
    page = asking.post(f"{begin(asking)}/what/", {"kind": "discount_start"}).page
    assert page.errors == ["You are charged nothing for this home, so no discount can lower it"]


@pytest.mark.parametrize("kind", ["discount_end", "disabled_band"])
def test_discount_that_is_not_there_cannot_end_and_one_that_is_there_cannot_start(
    kind: str, asking: PortalClient, resident: Resident
) -> None:
    period = household(resident).charge_periods.get()
    period.lines.all().delete()
    period.band_charged = "A-"
    period.save()
    assert asking.post(f"{begin(asking)}/what/", {"kind": kind}).page.errors


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (date(2027, 5, 3), "within the next 90 days"),
        (date(2019, 5, 3), "in the last 6 years"),
    ],
)
def test_day_that_is_far_off_is_not_taken(
    day: date, error: str, asking: PortalClient, resident: Resident
) -> None:
    household(resident)
    at = begin(asking)
    asking.post(f"{at}/what/", {"kind": "moved"})
    typed = {f"moved_on-{part}": str(getattr(day, part)) for part in DAY}
    page = asking.post(f"{at}/moved/", typed).page
    assert page.errors == [f"The date must be {error}"]


@pytest.mark.parametrize(
    ("kind", "slug", "name"),
    [("moved", "moved", "moved_on"), ("discount_end", "joined", "joined_on")],
)
def test_day_before_the_account_began_is_not_taken(
    kind: str, slug: str, name: str, asking: PortalClient, resident: Resident
) -> None:
    household(resident, opened=date(2026, 5, 4))
    at = begin(asking)
    asking.post(f"{at}/what/", {"kind": kind})
    answer = asking.post(f"{at}/{slug}/", {f"{name}-{part}": value for part, value in DAY.items()})
    assert "on or after 4 May 2026, when this account began" in answer.page.errors[0]
    later = {f"{name}-{part}": value for part, value in (DAY | {"day": "4"}).items()}
    assert asking.post(f"{at}/{slug}/", later).status_code == 302


def test_same_form_sent_again_is_the_same_request(asking: PortalClient, resident: Resident) -> None:
    household(resident)
    at = begin(asking)
    asking.post(f"{at}/what/", {"kind": "paperless"})
    asking.post(f"{at}/paperless/", {"bills": "paper"})
    first = asking.post(f"{at}/check/").url
    assert asking.post(f"{at}/check/").url == first
    assert Request.objects.count() == Delivery.objects.count() == 1


def test_what_has_been_asked_is_not_asked_twice_while_it_is_open(
    asking: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    asked = RequestFactory.create(resident=resident, account_reference=account.reference)
    page = asking.post(f"{begin(asking)}/what/", {"kind": "looks_wrong"}).page
    assert asked.reference in page.errors[0]
    sending = {
        "resident": resident,
        "account": account,
        "kind": "looks_wrong",
        "answers": {"what": "The band"},
        "summary": [],
    }
    with pytest.raises(AlreadyAsked):
        send_request(**sending, token=uuid4())
    asked.status = "done"
    asked.save()
    token = uuid4()
    again = send_request(**sending, token=token)
    assert again == send_request(**sending, token=token)


def test_resident_with_several_accounts_says_which(
    asking: PortalClient, resident: Resident
) -> None:
    household(resident)
    second = household(resident)
    theirs = household()
    at = begin(asking)
    assert f"/ask/{at.rsplit('/', 1)[1]}/account/" in asking.get(f"{at}/what/").url
    assert asking.post(f"{at}/account/", {"account": theirs.reference}).page.errors == [
        "Select one of your accounts"
    ]
    answer = asking.post(f"{at}/account/", {"account": second.reference})
    asking.post(answer.url, {"kind": "paperless"})
    asking.post(f"{at}/paperless/", {"bills": "paper"})
    assert f", account {second.reference}" in asking.get(f"{at}/check/").page.text("main")
    assert asking.post(f"{at}/check/").status_code == 302
    assert Request.objects.get().account_reference == second.reference


def test_resident_without_an_account_reads_how_to_link_one(asking: PortalClient) -> None:
    answer = asking.get("/council-tax/ask/", follow=True)
    assert "not linked to a council tax account yet" in answer.page.text("main")


def test_somebody_who_is_jointly_liable_does_not_see_the_request(
    asking: PortalClient, resident: Resident
) -> None:
    theirs = RequestFactory.create()
    assert asking.get(theirs.get_absolute_url()).status_code == 404


def news(status: str, at: datetime) -> Update:
    return Update(str(uuid4()), "7", status, "We have looked at it.", at)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("moved", "a last bill for this home, up to the day before you move"),
        ("arrangement", "It is not agreed until we write to you"),
        ("paperless", "A bill that is on its way already still comes as before."),
        ("no_access", "The recovery team is asked to take no further step"),
        ("looks_wrong", "Keep paying your bill as it is until you hear from us."),
    ],
)
def test_resident_reads_what_happens_next(
    kind: str, expected: str, asking: PortalClient, resident: Resident
) -> None:
    answers = dict.fromkeys(ANSWERS[kind], "5")
    asked = RequestFactory.create(resident=resident, kind=kind, answers=answers)
    assert expected in asking.get(asked.get_absolute_url()).page.text("main")
    for answered in ("done", "refused"):
        Request.objects.update(status=answered)
        text = asking.get(asked.get_absolute_url()).page.text("main")
        assert expected not in text
        assert "you read it here with the next figures" in text


def test_resident_reads_what_the_revenues_team_says(
    asking: PortalClient, resident: Resident
) -> None:
    asked = RequestFactory.create(resident=resident)
    now = timezone.now()
    Delivery.objects.filter(pk=asked.delivery_id).update(
        state="sent", sent_at=now, remote_reference="REV-7"
    )
    text = asking.get(asked.get_absolute_url()).page.text("main")
    assert "Sent to the revenues team on 23 November 2026 at 10am." in text
    assert "Their reference: REV-7" in text
    for status, words in (
        ("OPEN", "The revenues team is dealing with it."),
        ("closed", "The revenues team has dealt with it."),
        ("refused", "The revenues team has not agreed to it."),
    ):
        now += timedelta(minutes=1)
        assert service.hear(asked.delivery, news(status, now))
        text = asking.get(asked.get_absolute_url()).page.text("main")
        assert words in text
        assert "We have looked at it." in text


@pytest.mark.parametrize(("status", "minutes"), [("dancing", 5), ("closed", -5)])
def test_word_that_nobody_knows_and_old_news_change_nothing(status: str, minutes: int) -> None:
    asked = RequestFactory.create()
    at = asked.status_at + timedelta(minutes=minutes)
    assert service.hear(asked.delivery, news(status, at))
    asked.refresh_from_db()
    assert asked.status == "received"


def test_news_of_something_else_is_left_to_others() -> None:
    assert not service.hear(DeliveryFactory.create(), news("open", timezone.now()))


def test_erasure_deletes_requests_and_the_copy_of_the_data_has_them(resident: Resident) -> None:
    mine, theirs = RequestFactory.create(resident=resident), RequestFactory.create()
    copy = dict(service.export(resident))["requests"]
    assert [row["reference"] for row in copy] == [mine.reference]
    assert service.erase(resident).deleted == 1
    assert list(Request.objects.all()) == [theirs]
    assert not dict(service.export(ResidentFactory.create()))["requests"]


def test_request_waits_where_nobody_has_set_the_address_of_the_queue(db: None) -> None:
    queue = Destination.objects.get(slug="revenues")
    assert not queue.is_working
    assert "Nobody has set its address yet" in queue.standing
