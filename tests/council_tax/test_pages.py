"""What residents read on the council tax pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Resident
from council_tax.models import Account, ChargeLine
from stockport.feeds.models import FeedRun, Quarantine
from tests.client import PortalClient
from tests.factories.council_tax import (
    ChargeLineFactory,
    ChargePeriodFactory,
    ElementFactory,
    InstalmentFactory,
    LiabilityFactory,
    TransactionFactory,
    YearTotalFactory,
    elements,
    household,
    person_of,
)
from tests.page import text_of

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(TODAY, tick=False):
        yield


def words(portal: PortalClient, account: Account, page: str = "") -> str:
    response = portal.get(f"/council-tax/{account.reference}/{page}")
    assert response.status_code == 200
    return response.page.text("main")


PAGES = ["", "bill/", "transactions/"]


@pytest.mark.parametrize("page", PAGES)
def test_resident_cannot_see_someone_elses_account(page: str, signed_in: PortalClient) -> None:
    account = household()
    assert signed_in.get(f"/council-tax/{account.reference}/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_resident_whose_link_was_revoked_sees_the_account_no_more(
    page: str, signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    assert signed_in.get(f"/council-tax/{account.reference}/{page}").status_code == 200
    resident.person_links.update(revoked_at=timezone.now() + timedelta(hours=1))
    assert signed_in.get(f"/council-tax/{account.reference}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", *(f"5000000000/{page}" for page in PAGES)])
def test_stranger_is_asked_to_sign_in(page: str, portal: PortalClient) -> None:
    assert portal.get(f"/council-tax/{page}").status_code == 302


def test_resident_with_nothing_linked_reads_what_to_do(signed_in: PortalClient) -> None:
    page = signed_in.get("/council-tax/").page
    assert "not linked to a council tax account yet" in page.text("main")
    assert [link.get("href") for link in page.select("main a")] == [
        "/account/link/",
        "/dashboard/",
        "/council-tax/estimate/",
    ]


def test_resident_sees_all_accounts_open_ones_first(
    signed_in: PortalClient, resident: Resident
) -> None:
    old = household(resident, paid=10, status="closed", closed=date(2026, 9, 1))
    new = household(resident)
    household()
    page = signed_in.get("/council-tax/").page
    links = [link.get("href") for link in page.select("main h2 a")]
    assert links == [f"/council-tax/{new.reference}/", f"/council-tax/{old.reference}/"]
    assert "Nothing to pay" in page.text("main")
    assert "This is everything that is left to pay" in page.text("main")
    assert [text_of(tag) for tag in page.select(".govuk-tag")] == ["Closed"]


@pytest.mark.parametrize(
    ("balance", "expected", "meaning"),
    [
        ("720.00", "£720.00 to pay", "instalments that are not due yet"),
        ("-12.34", "£12.34 in credit", "ask us to pay it back"),
        ("0.00", "Nothing to pay", "Everything on this account is paid."),
    ],
)
def test_balance_is_said_in_words(
    balance: str, expected: str, meaning: str, signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    Account.objects.update(balance=Decimal(balance))
    page = signed_in.get(account.get_absolute_url()).page
    assert page.text("#balance") == expected
    assert meaning in page.text("main")
    assert "As at 22 November 2026 at 11pm" in page.text("main")


def test_closed_account_with_a_balance_says_that_it_is_still_to_be_paid(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, status="closed", closed=date(2026, 9, 1))
    text = words(signed_in, account)
    assert "This account is closed, and this much is still to be paid on it." in text
    assert "Closed You were charged for this home up to 1 September 2026." in text
    text = signed_in.get("/council-tax/").page.text("main")
    assert "Closed Charged up to 1 September 2026" in text


def test_next_payment_by_direct_debit_needs_nothing_done(
    signed_in: PortalClient, resident: Resident
) -> None:
    text = words(signed_in, household(resident, paid=8))
    assert "Next payment £90.00 on Tuesday 1 December 2026 We take it by Direct Debit" in text
    assert "bank account ending 4321" in text
    assert "Late payments" not in text


def test_next_payment_says_how_it_is_paid(signed_in: PortalClient, resident: Resident) -> None:
    account = household(resident, paid=8)
    account.instalments.update(direct_debit=False)
    Account.objects.update(payment_method="standing_order")
    text = words(signed_in, account)
    assert "1 December 2026 You pay it by standing order. Ways to pay: give your account" in text
    assert "which you pay by standing order" in signed_in.get("/council-tax/").page.text("main")
    Account.objects.update(payment_method="")
    assert "1 December 2026 Ways to pay: give your account" in words(signed_in, account)


def test_missed_payments_are_told_apart_from_the_next_one(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=6)
    account.instalments.filter(number=7).update(paid=Decimal("40.00"))
    text = words(signed_in, account)
    assert "£140.00 is late." in text
    assert "£50.00 of £90.00 was due on 1 October 2026" in text
    assert "£90.00 was due on 1 November 2026" in text
    assert "£90.00 on Tuesday 1 December 2026" in text


def test_payment_due_since_the_figures_were_taken_is_not_called_late(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=8)
    account.instalments.filter(number=9).update(due=date(2026, 11, 22))
    text = words(signed_in, account)
    assert "Late payments" not in text
    assert "If it has been paid, it will show here" in text


STAGES = [
    # The 7 days begin with the day of the letter (SI 1992/613, regulations 23(3) and 34(1)).
    ("reminder", "We sent you a reminder", "Pay what is overdue by 26 November 2026."),
    (
        "second_reminder",
        "We sent you a second reminder",
        "Pay what is overdue by 26 November 2026. After that, the rest of the year’s bill can"
        " become due all at once.",
    ),
    ("final_notice", "We sent you a final notice", "Pay what is left by 26 November 2026"),
    ("summons", "We sent you a summons", "before the hearing"),
    ("liability_order", "The court has made a liability order", "as soon as you can"),
    ("other", "We have written to you about this account", "ask us what it means for you"),
]


@pytest.mark.parametrize(("stage", "title", "to_do"), STAGES)
def test_recovery_stage_says_what_it_means_and_what_to_do(
    stage: str, title: str, to_do: str, signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, stage=stage, stage_date=date(2026, 11, 20))
    text = words(signed_in, account)
    assert f"{title} We wrote to you on 20 November 2026." in text
    assert to_do in text


def test_day_that_has_passed_is_not_given_as_a_day_to_pay_by(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, stage="reminder", stage_date=date(2026, 11, 1))
    expected = "Pay what is overdue now: our letter asked for it by 7 November 2026."
    assert expected in words(signed_in, account)


def test_instalments_say_which_are_taken_by_direct_debit(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    assert "We take these payments by Direct Debit." in words(signed_in, account)
    account.instalments.filter(number__lte=2).update(direct_debit=False)
    text = words(signed_in, account)
    assert "1 June 2026, by Direct Debit" in text
    assert "1 May 2026 £90.00" in text
    account.instalments.update(direct_debit=False)
    Account.objects.update(payment_method="card")
    expected = "You make these payments yourself by debit or credit card."
    assert expected in words(signed_in, account)


def test_next_instalment_is_not_offered_when_the_whole_year_is_due(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, stage="final_notice", stage_date=date(2026, 11, 1))
    assert "Next payment" not in words(signed_in, account)


def test_arrangement_takes_the_place_of_what_to_do_about_a_final_notice(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(
        resident, stage="final_notice", stage_date=date(2026, 11, 1), arrangement=True
    )
    text = words(signed_in, account)
    assert "our letter about it says how much to pay, and when" in text
    assert "These were the instalments on your bill." in text
    assert "Pay what is left" not in text
    assert "is late" not in text


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("breathing_space", "It lasts up to 60 days"),
        ("breathing_space", "add no interest or charges to it and take no step to collect it."),
        ("breathing_space", "Keep paying what falls due after it began."),
        ("dispute", "Keep paying the part that you agree with."),
        ("other", "We are taking no further steps at present."),
    ],
)
def test_hold_is_explained(
    reason: str, expected: str, signed_in: PortalClient, resident: Resident
) -> None:
    assert expected in words(signed_in, household(resident, hold_reason=reason))


def test_who_is_in_breathing_space_is_not_asked_for_what_is_late(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    assert "£90.00 is late." in words(signed_in, account)
    Account.objects.update(hold_reason="breathing_space")
    for text in (words(signed_in, account), signed_in.get("/dashboard/").page.text("main")):
        assert "£90.00 was not paid when it was due" in text
        assert "is late" not in text
    text = words(signed_in, account)
    assert "£90.00 on Tuesday 1 December 2026" in text
    assert "Pay what is late" not in text


def test_order_about_an_earlier_year_leaves_this_year_to_its_instalments(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=8, stage="liability_order", stage_date=date(2025, 11, 24))
    sums = {"charge": Decimal(150), "payments": Decimal(50), "outstanding": Decimal(100)}
    YearTotalFactory(account=account, year="2025/26", **sums)
    InstalmentFactory(account=account, year="2025/26", amount=100, due=date(2025, 6, 1))
    text = words(signed_in, account)
    assert "Next payment £90.00 on Tuesday 1 December 2026" in text
    assert "£100.00 to pay for 2025/26" in text
    assert "is late" not in text
    assert "We take these payments by Direct Debit." in text
    assert "These were the instalments on your bill." in words(signed_in, account, "?year=2025/26")
    Account.objects.update(stage_date=date(2026, 5, 24))
    assert "Next payment" not in words(signed_in, account)


@pytest.mark.parametrize("arrangement", [True, False])
def test_stage_leads_to_the_ways_to_pay_and_to_an_arrangement(
    arrangement: bool, signed_in: PortalClient, resident: Resident
) -> None:
    account = household(
        resident, stage="final_notice", stage_date=date(2026, 11, 20), arrangement=arrangement
    )
    page = signed_in.get(account.get_absolute_url()).page
    links = [link.get("href") for link in page.select(".govuk-notification-banner__link")]
    assert f"{account.get_absolute_url()}pay/" in links
    assert ("/council-tax/ask/" in links) is not arrangement


def test_account_in_quarantine_says_that_it_is_being_checked(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    assert "being checked" not in signed_in.get("/council-tax/").page.text("main")
    run = FeedRun.objects.create(source="revenues", extracted_at=TODAY, kind="full")
    Quarantine.objects.create(
        source="revenues", table="accounts", key=account.reference, run=run, reasons=["a penny"]
    )
    assert "Newer figures are being checked." in signed_in.get("/council-tax/").page.text("main")
    for page in PAGES:
        text = words(signed_in, account, page)
        assert "shows the last ones that did, from 22 November 2026 at 11pm" in text


def test_bill_is_explained_from_the_band_to_what_is_left(
    signed_in: PortalClient, resident: Resident
) -> None:
    elements()
    text = words(signed_in, household(resident), "bill/")
    for row in (
        "Council, including adult social care £1,000.00",
        "Band A for a whole year £1,200.00",
        "Band A, 365 of 365 days £1,200.00",
        "Less: Single person discount (Only one adult lives here), 25% of £1,200.00 −£300.00",  # noqa: RUF001
        "Charge for these days £900.00",
        "Less: what you have paid −£630.00",  # noqa: RUF001
        "Left to pay for 2026/27 £270.00",
    ):
        assert row in text
    assert "checking" not in text


def test_reduced_band_shows_the_band_listed_and_the_band_charged(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    account.charge_periods.update(band_charged="A-")
    assert "Band A, charged as A−, 365 of 365 days" in words(  # noqa: RUF001
        signed_in, account, "bill/"
    )


def test_why_a_band_is_charged_as_a_lower_one_is_said(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    assert "disabled band reduction" not in words(signed_in, account, "bill/")
    account.charge_periods.update(band_charged="A-")
    assert "This is the disabled band reduction." in words(signed_in, account, "bill/")


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (
            {"type": "exemption", "reason": "All students", "percent": 100},
            "Exemption (All students), 100%",
        ),
        (
            {"type": "discount", "code": "DIS50", "reason": "Nobody counts", "percent": 50},
            "50% discount (Nobody counts)",
        ),
        (
            {"type": "support", "reason": "Council Tax Support for 9 days", "percent": None},
            "Council Tax Support for 9 days",
        ),
        ({"type": "discretionary", "reason": "", "percent": None}, "Local help"),
    ],
)
def test_line_of_a_bill_says_what_it_is_and_why_once(
    line: dict[str, Any], printed: str, signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    ChargeLine.objects.update(**({"code": ""} | line))
    text = words(signed_in, account, "bill/")
    assert f"Less: {printed} −£300.00" in text  # noqa: RUF001


def test_lines_of_a_bill_come_in_their_order_however_they_are_stored(
    signed_in: PortalClient, resident: Resident
) -> None:
    """A percentage is of what the lines before it have left."""
    account = household(resident)
    discount = ChargeLine.objects.get()
    discount.pk, discount.line = None, 2
    discount.type, discount.amount, discount.percent = "support", Decimal("-90.00"), Decimal(10)
    discount.save()
    account.charge_periods.update(net=810)
    ChargeLine.objects.filter(line=1).update(code="SPD")  # PostgreSQL stores it anew, at the end
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
    text = words(signed_in, account, "bill/")
    assert "25% of £1,200.00" in text
    assert "10% of £900.00" in text


@pytest.mark.parametrize(
    ("transfers", "row"),
    [(-100, "Less: moved here from another account"), (100, "Plus: moved to another account")],
)
def test_what_was_moved_between_accounts_says_which_way(
    transfers: int, row: str, signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    account.year_totals.update(transfers=transfers, outstanding=270 + transfers)
    assert f"{row} of yours" in words(signed_in, account, "bill/")


def test_balance_of_several_years_says_what_is_of_which(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    assert "to pay for 2026/27" not in words(signed_in, account)
    sums = {"charge": Decimal(100), "payments": Decimal(50), "outstanding": Decimal(50)}
    YearTotalFactory(account=account, year="2025/26", **sums)
    text = words(signed_in, account)
    assert "£270.00 to pay for 2026/27 £50.00 to pay for 2025/26" in text
    account.year_totals.filter(year="2025/26").update(payments=150, outstanding=-50)
    assert "£50.00 in credit for 2025/26" in words(signed_in, account)


def test_who_is_charged_nothing_is_not_told_that_everything_is_paid(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=10)
    assert "Everything on this account is paid." in words(signed_in, account)
    account.year_totals.update(charge=0, payments=0, outstanding=0)
    text = words(signed_in, account)
    assert "You are charged nothing for 2026/27: your bill says why." in text
    assert "Everything on this account is paid." not in text


def test_periods_of_a_year_are_added_up(signed_in: PortalClient, resident: Resident) -> None:
    account = household(resident)
    account.charge_periods.update(end=date(2026, 4, 30), days=30, net=Decimal("900.00"))
    second = ChargePeriodFactory.create(
        account=account,
        sequence=2,
        start=date(2026, 5, 1),
        gross=Decimal("100.00"),
        net=Decimal("120.00"),
    )
    ChargeLineFactory(
        period=second, type="premium", reason="Empty home", percent=None, amount=Decimal("20.00")
    )
    account.year_totals.update(charge=Decimal("1020.00"), outstanding=Decimal("390.00"))
    text = words(signed_in, account, "bill/")
    assert "Plus: Premium (Empty home) £20.00" in text
    assert "1 May 2026 to 31 March 2027 £120.00 Your charge for 2026/27 £1,020.00" in text


def test_part_of_a_year_and_each_percentage_show_the_amount_that_they_are_of(
    signed_in: PortalClient, resident: Resident
) -> None:
    elements()
    account = household(resident)
    account.charge_periods.update(
        end=date(2026, 5, 3), days=33, gross=Decimal("108.49"), net=Decimal("24.41")
    )
    period = account.charge_periods.get()
    period.lines.update(amount=Decimal("-27.12"))
    ChargeLineFactory(
        period=period,
        line=2,
        type="support",
        code="CTS",
        reason="Council Tax Support",
        percent=Decimal(70),
        amount=Decimal("-56.96"),
    )
    text = words(signed_in, account, "bill/")
    assert "Band A, 33 of 365 days of £1,200.00 £108.49" in text
    assert "(Only one adult lives here), 25% of £108.49 −£27.12" in text  # noqa: RUF001
    assert "Less: Council Tax Support, 70% of £81.37 −£56.96" in text  # noqa: RUF001
    # Where the amount is another, nothing is said of what it is a part of.
    period.lines.filter(line=2).update(amount=Decimal("-50.00"))
    text = words(signed_in, account, "bill/")
    assert "Less: Council Tax Support, 70% −£50.00" in text  # noqa: RUF001


def test_bill_lists_the_council_then_social_care_then_police_and_the_mayor(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    for element in ("mayoral_general", "police", "adult_social_care", "council_general"):
        ElementFactory(element=element, amount=Decimal(300))
    page = signed_in.get(f"{account.get_absolute_url()}bill/").page
    assert [text_of(row) for row in page.select("tbody tr")][:4] == [
        "Council services £300.00",
        "Adult social care £300.00",
        "Police £300.00",
        "Mayor, including fire services £300.00",
    ]


@pytest.mark.parametrize("change", [{"net": Decimal("899.99")}, {"gross": Decimal("1200.01")}])
def test_bill_that_does_not_add_up_says_that_it_is_being_checked(
    change: dict[str, Decimal], signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    account.charge_periods.update(**change)
    assert "We are checking these figures" in words(signed_in, account, "bill/")


def test_charge_that_the_elements_do_not_explain_is_being_checked(
    signed_in: PortalClient, resident: Resident
) -> None:
    elements()
    account = household(resident)
    account.charge_periods.update(gross=Decimal("1201.00"), net=Decimal("901.00"))
    account.year_totals.update(charge=Decimal("901.00"), outstanding=Decimal("271.00"))
    assert "We are checking these figures" in words(signed_in, account, "bill/")


def test_resident_reads_an_earlier_year(signed_in: PortalClient, resident: Resident) -> None:
    account = household(resident)
    YearTotalFactory(account=account, year="2025/26", charge=800, payments=800)
    InstalmentFactory(account=account, year="2025/26", amount=800, paid=800, due=date(2025, 5, 1))
    page = signed_in.get(f"{account.get_absolute_url()}?year=2025/26").page
    assert "Instalments for 2025/26" in page.text("main")
    assert page.text("nav[aria-label='Tax years'] [aria-current]") == "2025/26"
    (other,) = page.select("nav[aria-label='Tax years'] a")
    assert other.get("href") == "?year=2026/27#instalments"
    assert len(page.select("tbody tr")) == 2
    bill = signed_in.get(f"{account.get_absolute_url()}bill/?year=2025/26").page
    assert bill.h1 == "How your 2025/26 bill is made up"


@pytest.mark.parametrize("year", ["2019/20", "rubbish", "2026/27' OR 1=1"])
def test_year_that_the_account_does_not_have_is_not_found(
    year: str, signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    for page in ("", "bill/"):
        address = f"/council-tax/{account.reference}/{page}"
        assert signed_in.get(address, {"year": year}).status_code == 404


def test_account_without_any_year_has_a_page(signed_in: PortalClient, resident: Resident) -> None:
    account = household(resident)
    account.year_totals.all().delete()
    account.charge_periods.all().delete()
    account.instalments.all().delete()
    assert "There are no instalments for 2026/27." in words(signed_in, account)
    assert "There is no charge for 2026/27" in words(signed_in, account, "bill/")


def test_transactions_say_what_was_added_taken_off_and_left(
    signed_in: PortalClient, resident: Resident
) -> None:
    page = signed_in.get(f"{household(resident, paid=2).get_absolute_url()}transactions/").page
    rows = [text_of(row) for row in page.select("tbody tr")]
    assert rows == [
        "1 May 2026 Payment by Direct Debit, 2026/27 £90.00 taken off £720.00 to pay",
        "1 April 2026 Payment by Direct Debit, 2026/27 £90.00 taken off £810.00 to pay",
        "10 March 2026 Council tax charge, 2026/27 £900.00 added £900.00 to pay",
    ]


def test_what_the_back_office_adds_to_a_charge_is_read_with_it(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=0)
    for number, kind, description in ((50, "costs", "Summons costs"), (51, "other", "Put right")):
        TransactionFactory(
            account=account, number=number, type=kind, description=description, amount=5
        )
    text = words(signed_in, account, "transactions/")
    assert "Court costs: Summons costs, 2026/27 £5.00 added" in text
    assert "Put right, 2026/27 £5.00 added" in text


def test_two_equal_payments_on_one_day_stay_two(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=0)
    for number in (50, 51):
        TransactionFactory(
            account=account, number=number, type="payment", subcode="DCARD", amount=-10
        )
    text = words(signed_in, account, "transactions/")
    assert text.count("Payment by debit card") == 2


def test_long_history_is_shown_a_page_at_a_time(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=0)
    for number in range(2, 41):
        TransactionFactory(account=account, number=number, type="payment", amount=-1)
    address = f"/council-tax/{account.reference}/transactions/"
    assert len(signed_in.get(address).page.select("tbody tr")) == 25
    second = signed_in.get(address, {"page": "2"}).page
    assert len(second.select("tbody tr")) == 15
    assert "£900.00 to pay" in second.text("main")
    for wrong in ("99", "0", "last"):
        assert signed_in.get(address, {"page": wrong}).status_code == 200


def test_joint_account_names_everybody_who_has_to_pay(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    partner = person_of(None)
    partner.forenames = "Tom"
    partner.save()
    LiabilityFactory(account=account, person=partner, role="joint")
    text = words(signed_in, account)
    assert "Who has to pay Ms Ada Shaw and Ms Tom Shaw, each for all of it" in text


def test_both_parties_of_a_joint_account_see_it(portal: PortalClient, resident: Resident) -> None:
    account = household()
    LiabilityFactory(account=account, person=person_of(resident), role="joint")
    portal.sign_in(resident)
    assert portal.get(account.get_absolute_url()).status_code == 200
