"""What residents see of their claims."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from benefits.models import Claim
from benefits.tables import span
from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import (
    AwardFactory,
    BenefitPaymentFactory,
    ClaimFactory,
    DecisionFactory,
    EvidenceRequestFactory,
    OverpaymentFactory,
)
from tests.page import text_of

D = Decimal
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def person(portal, today):
    """The person that the signed-in resident is."""
    link = PersonLinkFactory()
    portal.sign_in(link.resident)
    return link.person


def rows_of(page):
    """The summary lists of a page: key to value."""
    keys, values = (
        page.select(".govuk-summary-list__key"),
        page.select(".govuk-summary-list__value"),
    )
    return {text_of(k): text_of(v) for k, v in zip(keys, values, strict=True)}


def shown(portal, claim):
    response = portal.get(claim.get_absolute_url())
    assert response.status_code == 200
    return response.page


STATES = [
    ({"status": "current"}, "In payment", "You are getting this help now."),
    ({"status": "future"}, "Starts soon", "Your help has not started yet."),
    ({"stopped": True}, "Ended", "Its last day was 27 September 2026."),
    ({"status": "cancelled"}, "Cancelled", "cancelled before it paid anything"),
    ({"status": "pending", "decided": None}, "Being assessed", "working out what help you can get"),
    ({"suspended": True}, "Payments on hold", "Your hours at work may have changed."),
    ({"status": "defective", "decided": None}, "More needed", "something is missing"),
]


@pytest.mark.parametrize(("values", "label", "meaning"), STATES)
def test_every_state_shows_in_the_list_and_on_its_page(portal, person, values, label, meaning):
    claim = ClaimFactory(person=person, **values)
    for page in (portal.get("/benefits/").page, shown(portal, claim)):
        assert label in [text_of(tag) for tag in page.select(".govuk-tag")]
        assert meaning in text_of(page.select("main")[0])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "pending", "decided": None}, "We decide within 14 days of having all"),
        ({"suspended": True}, "we pay what we kept back if it is still due, usually within 14"),
        ({"status": "defective"}, "If we get it in time, your claim counts from the day that we"),
        ({"status": "future"}, "Until then, keep paying your rent and council tax."),
        ({"status": "cancelled"}, "write to us within one month of our letter about it."),
        ({"stopped": True}, "It usually counts from the day that you make it, so do not wait."),
    ],
)
def test_every_state_says_what_to_do_and_by_when(portal, person, values, words):
    text = text_of(shown(portal, ClaimFactory(person=person, **values)).select("main")[0])
    assert words in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"type": "cts"}, "of your income, who lives with you, or your address."),
        ({"tenancy": "council"}, "of your income, who lives with you, or your address."),
        ({"tenancy": "private"}, "of your income, who lives with you, your address, rent or bank"),
    ],
)
def test_only_changes_that_can_be_told_are_named(portal, person, values, words):
    text = text_of(shown(portal, ClaimFactory(person=person, **values)).select("main")[0])
    assert f"Tell us about a change {words}" in text


@pytest.mark.parametrize("values", [{"stopped": True}, {"status": "cancelled"}])
def test_claim_that_is_over_leads_to_a_new_one(portal, person, settings, values):
    page = shown(portal, ClaimFactory(person=person, **values))
    assert page.select(f'main a[href="{settings.CONTACT_URL}"]')
    assert page.select('main a[href="/benefits/estimate/"]')


def test_future_claim_says_when_it_starts(portal, person):
    claim = ClaimFactory(person=person, status="future")
    AwardFactory(claim=claim, start=date(2026, 12, 7))
    text = text_of(shown(portal, claim).select("main")[0])
    assert "Your help has not started yet. It starts on 7 December 2026." in text


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 10, 12), date(2026, 10, 25), "12 to 25 October 2026"),
        (date(2026, 9, 28), date(2026, 10, 11), "28 September to 11 October 2026"),
        (date(2026, 12, 21), date(2027, 1, 3), "21 December 2026 to 3 January 2027"),
        (date(2026, 12, 21), date(2026, 12, 21), "21 December 2026"),
    ],
)
def test_dates_of_a_payment_say_nothing_twice(start, end, words):
    assert span(start, end) == words


def test_claims_in_every_state_are_listed_with_what_waits_first(portal, person):
    for status in Claim.Status.values:
        ClaimFactory(person=person, status=status)
    labels = [text_of(tag) for tag in portal.get("/benefits/").page.select(".govuk-tag")]
    assert len(labels) == 6
    assert set(labels[:2]) == {"Payments on hold", "More needed"}
    assert labels[-1] == "Cancelled"


def test_suspended_claim_says_what_to_send_and_by_when(portal, person):
    page = shown(portal, ClaimFactory(person=person, suspended=True))
    inset = page.text(".govuk-inset-text")
    assert "Send us by 14 December 2026:" in inset
    items = [text_of(item) for item in page.select(".govuk-inset-text li")]
    assert items == ["Your last two months' payslips", "A letter from your landlord"]
    assert "That date has passed" not in inset


def test_late_papers_may_still_be_in_time(portal, person):
    claim = ClaimFactory(person=person, suspended=True, needed_by=date(2026, 11, 22))
    assert "That date has passed. Contact us straight away" in shown(portal, claim).text(
        ".govuk-inset-text"
    )


def test_claim_on_hold_without_a_list_sends_the_resident_to_the_council(portal, person):
    claim = ClaimFactory(person=person, status="suspended")
    assert shown(portal, claim).text(".govuk-inset-text") == "Contact us to find out what to send."


def test_next_payment_says_when_how_much_to_whom_and_for_which_days(portal, person):
    claim = AwardFactory(claim__person=person).claim
    BenefitPaymentFactory(
        claim=claim, due=True, period_start=date(2026, 11, 9), period_end=date(2026, 12, 6)
    )
    found = rows_of(shown(portal, claim))
    assert found["Date"] == "7 December 2026, set by the council"
    assert found["Amount"] == "£449.60 (as expected)"
    assert found["How it is worked out"] == "4 weeks at £112.40 a week is £449.60."
    assert found["Paid to"] == "You, bank account ending 4321"
    assert found["For"] == "9 November to 6 December 2026"


def test_payment_lowered_by_an_overpayment_adds_up_on_the_page(portal, person):
    claim = AwardFactory(claim__person=person).claim
    OverpaymentFactory(claim=claim)
    BenefitPaymentFactory(claim=claim, due=True, amount=D("392.00"))
    found = rows_of(shown(portal, claim))
    assert found["Amount"] == "£392.00 (reduced)"
    full, taken = (
        D(re.search(pattern, found["How it is worked out"])[1])
        for pattern in (r"a week is £([\d.]+)\.", r"We take £([\d.]+) back")
    )
    assert full - taken == D("392.00")


def test_payment_over_a_change_of_award_adds_up_from_both(portal, person):
    claim = AwardFactory(claim__person=person, end=date(2026, 11, 22)).claim
    AwardFactory(claim=claim, start=date(2026, 11, 23), weekly=D("120.00"))
    BenefitPaymentFactory(
        claim=claim,
        due=True,
        amount=D("464.80"),
        period_start=date(2026, 11, 9),
        period_end=date(2026, 12, 6),
    )
    found = rows_of(shown(portal, claim))
    assert found["Amount"] == "£464.80 (increased)"
    assert found["How it is worked out"] == (
        "2 weeks at £112.40 a week is £224.80."
        " From 23 November 2026: 2 weeks at £120.00 a week is £240.00."
    )


@pytest.mark.parametrize(
    ("award", "words"),
    [
        (
            {"start": date(2026, 11, 23)},
            "From 23 November 2026: 2 weeks at £112.40 a week is £224.80.",
        ),
        (
            {"end": date(2026, 11, 22)},
            "2 weeks at £112.40 a week is £224.80. Your award ended on 22 November 2026.",
        ),
    ],
)
def test_payment_for_part_of_its_dates_says_for_which(portal, person, award, words):
    claim = AwardFactory(claim__person=person, **award).claim
    BenefitPaymentFactory(
        claim=claim,
        due=True,
        amount=D("224.80"),
        period_start=date(2026, 11, 9),
        period_end=date(2026, 12, 6),
    )
    found = rows_of(shown(portal, claim))
    assert found["Amount"] == "£224.80 (reduced)"
    assert found["How it is worked out"] == words


def test_payment_over_a_change_that_is_lowered_too_says_both(portal, person):
    claim = AwardFactory(claim__person=person, end=date(2026, 11, 22)).claim
    AwardFactory(claim=claim, start=date(2026, 11, 23), weekly=D("120.00"))
    OverpaymentFactory(claim=claim)
    BenefitPaymentFactory(
        claim=claim,
        due=True,
        amount=D("407.20"),
        period_start=date(2026, 11, 9),
        period_end=date(2026, 12, 6),
    )
    assert rows_of(shown(portal, claim))["How it is worked out"].endswith(
        "2 weeks at £120.00 a week is £240.00. We take £57.60 back for an overpayment."
    )


def test_payment_that_differs_without_a_known_reason_says_so(portal, person):
    claim = AwardFactory(claim__person=person).claim
    BenefitPaymentFactory(claim=claim, due=True, amount=D("500.00"))
    found = rows_of(shown(portal, claim))
    assert found["Amount"] == "£500.00 (increased)"
    assert "Contact us if you do not know why" in found["How it is worked out"]


def test_payment_without_an_award_is_shown_as_it_is(portal, person):
    claim = ClaimFactory(person=person)
    BenefitPaymentFactory(claim=claim, due=True)
    found = rows_of(shown(portal, claim))
    assert found["Amount"] == "£449.60"
    assert "How it is worked out" not in found


def test_payment_date_is_expected_where_the_council_gave_none(portal, person):
    claim = ClaimFactory(person=person)
    BenefitPaymentFactory(claim=claim)
    text = text_of(shown(portal, claim).select("main")[0])
    assert "It usually comes on the first working day after" in text
    assert "so we expect it on 7 December 2026" in text


def test_month_is_followed_by_the_next_month(portal, person):
    claim = ClaimFactory(person=person)
    october = {"period_start": date(2026, 10, 1), "period_end": date(2026, 10, 31)}
    BenefitPaymentFactory(claim=claim, **october)
    text = text_of(shown(portal, claim).select("main")[0])
    assert "so we expect it on 1 December 2026" in text


def test_claim_that_pays_and_never_has_yet_says_that_there_is_no_date(portal, person):
    claim = ClaimFactory(person=person)
    text = text_of(shown(portal, claim).select("main")[0])
    assert "Next payment The council has not given a date yet." in text


@pytest.mark.parametrize("values", [{"suspended": True}, {"stopped": True}])
def test_no_payment_is_expected_while_nothing_is_paid(portal, person, values):
    claim = ClaimFactory(person=person, **values)
    BenefitPaymentFactory(claim=claim)
    assert "Next payment" not in text_of(shown(portal, claim).select("main")[0])


def test_latest_payments_are_shown_newest_first_with_a_way_to_all(portal, person):
    claim = ClaimFactory(person=person)
    for number in range(1, 15):
        BenefitPaymentFactory(claim=claim, number=number, paid_on=date(2026, 9, number))
    page = shown(portal, claim)
    dates = [text_of(cell) for cell in page.select("tbody td:first-child")]
    assert dates == [f"{number} September 2026" for number in (14, 13, 12, 11)]
    assert page.select(f'a[href="{claim.get_absolute_url()}payments/"]')


def test_payment_with_arrears_in_it_says_so(portal, person):
    claim = AwardFactory(claim__person=person).claim
    BenefitPaymentFactory(
        claim=claim,
        due=True,
        amount=D("459.60"),
        adjustment=D("10.00"),
        adjustment_reason="Arrears for September.",
    )
    found = rows_of(shown(portal, claim))
    assert found["Amount"] == "£459.60 (increased)"
    assert found["How it is worked out"] == (
        "4 weeks at £112.40 a week is £449.60. We add £10.00: Arrears for September."
    )


def test_payment_with_less_for_two_reasons_names_both(portal, person):
    claim = AwardFactory(claim__person=person).claim
    OverpaymentFactory(claim=claim)
    BenefitPaymentFactory(
        claim=claim,
        due=True,
        amount=D("382.00"),
        adjustment=D("-10.00"),
        adjustment_reason="You were away for a week.",
    )
    assert rows_of(shown(portal, claim))["How it is worked out"].endswith(
        "We keep back £10.00: You were away for a week. We take £57.60 back for an overpayment."
    )


def test_what_is_asked_for_says_why_which_papers_count_and_by_when(portal, person):
    claim = ClaimFactory(person=person, suspended=True)
    EvidenceRequestFactory(claim=claim)
    EvidenceRequestFactory(claim=claim, rejected=True, item="Your payslips", due=date(2026, 11, 22))
    EvidenceRequestFactory(claim=claim, state="accepted", item="Your rent", due=None)
    page = shown(portal, claim)
    main = text_of(page.select("main")[0])
    assert "Your bank statements Not sent yet Send it by 14 December 2026." in main
    assert "Your payslips Not good enough A page is missing. Send it by 22 November 2026." in main
    assert main.count("That date has passed.") == 1
    assert main.count("Any one of these counts: Statements with your name on") == 2
    assert "Your rent Accepted We check" in main
    assert not page.select(".govuk-inset-text"), "what is asked for is not said twice"


def test_latest_decision_about_each_help_says_what_changed_and_why(portal, person):
    claim = ClaimFactory(person=person)
    DecisionFactory(claim=claim, decided=date(2025, 3, 14), weekly=D("110.00"))
    DecisionFactory(claim=claim)
    DecisionFactory(claim=claim, kind="cts", weekly=D("20.00"), reason="A new claim.")
    text = text_of(shown(portal, claim).select("main")[0])
    assert (
        "On 20 March 2026 we decided: your Housing Benefit goes up from £110.00 to £112.40 a week"
        " from 6 April 2026. Your rent went up."
    ) in text
    assert "your Council Tax Support is £20.00 a week from 6 April 2026. A new claim." in text
    assert "£110.00 a week from" not in text, "older letters are not repeated"


def test_decision_that_ends_help_says_so(portal, person):
    claim = ClaimFactory(person=person, stopped=True)
    DecisionFactory(claim=claim, weekly=0, start=date(2026, 9, 28), reason="Your income went up.")
    text = text_of(shown(portal, claim).select("main")[0])
    assert "you get no Housing Benefit from 28 September 2026. Your income went up." in text


def test_appeal_runs_from_the_latest_decision_about_the_rent(portal, person):
    claim = ClaimFactory(person=person)
    DecisionFactory(claim=claim, decided=date(2026, 11, 3))
    DecisionFactory(claim=claim, kind="cts", decided=date(2026, 11, 20))
    text = text_of(shown(portal, claim).select("main")[0])
    assert "The latest decision is of 3 November 2026, so write by 3 December 2026" in text


def test_two_kinds_of_money_have_a_next_payment_each(portal, person):
    claim = ClaimFactory(person=person)
    for kind, amount in (("crf", "50.00"), ("hb", "449.60")):
        BenefitPaymentFactory(claim=claim, kind=kind, due=True, amount=D(amount))
        BenefitPaymentFactory(claim=claim, kind=kind, amount=D(amount))
    page = shown(portal, claim)
    headings = [text_of(heading) for heading in page.select("h3")][:2]
    assert headings == ["Housing Benefit", "Housing payment from the Crisis and Resilience Fund"]
    amounts = [text_of(value) for value in page.select(".govuk-summary-list__value")]
    assert amounts[1] == "£449.60" and "£50.00" in amounts
    assert [text_of(head) for head in page.select("thead th")] == [
        *("Paid on", "For", "Help", "Amount")
    ]
    listed = rows_of(portal.get("/benefits/").page)
    assert listed["Next payment"] == "£449.60 on 7 December 2026"


def test_fund_that_has_ended_is_not_told_as_the_latest_decision(portal, person):
    claim = AwardFactory(claim__person=person).claim
    DecisionFactory(claim=claim)
    DecisionFactory(claim=claim, kind="dhp", reason="An old fund.")
    text = text_of(shown(portal, claim).select("main")[0])
    assert "Your rent went up." in text and "An old fund." not in text


def test_housing_payment_is_shown_like_other_money(portal, person):
    claim = ClaimFactory(person=person, type="housing")
    AwardFactory(claim=claim, kind="crf", weekly=D("12.50"))
    BenefitPaymentFactory(claim=claim, kind="crf", due=True, amount=D("50.00"))
    page = shown(portal, claim)
    assert page.h1 == "Housing payment"
    assert rows_of(page)["How it is worked out"] == "4 weeks at £12.50 a week is £50.00."
    assert "Crisis and Resilience Fund" in text_of(page.select("tbody")[0])


PAID_TO = [("You", "4321"), ("Your landlord", "9876")]


def test_payee_is_said_once_where_it_is_always_the_same(portal, person):
    claim = ClaimFactory(person=person)
    BenefitPaymentFactory(claim=claim, paid_on=date(2026, 10, 12))
    BenefitPaymentFactory(claim=claim)
    page = shown(portal, claim)
    assert "Paid to: You, bank account ending 4321." in text_of(page.select("main")[0])
    assert len(page.select("thead th")) == 3
    BenefitPaymentFactory(claim=claim, payee="landlord", destination="ending 9876")
    page = shown(portal, claim)
    assert "Paid to:" not in text_of(page.select("main")[0])
    payees = [text_of(cell) for cell in page.select("tbody td:nth-child(3)")]
    assert set(payees) == {f"{who}, bank account ending {digits}" for who, digits in PAID_TO}


def test_weekly_award_of_a_claim_on_hold_is_not_shown_as_paid(portal, person):
    claim = AwardFactory(claim=ClaimFactory(person=person, suspended=True)).claim
    assert "Housing Benefit" not in rows_of(portal.get("/benefits/").page)
    captions = [text_of(caption) for caption in shown(portal, claim).select("caption")]
    assert captions == ["What you got before payments were put on hold"]


def test_support_says_which_account_and_how_much_reaches_the_bill(portal, person):
    claim = AwardFactory(claim__person=person, support=True).claim
    BenefitPaymentFactory(claim=claim, support=True, amount=D("1042.86"))
    page = shown(portal, claim)
    text = text_of(page.select("main")[0])
    assert "It goes to council tax account 5000000001." in text
    row = [text_of(cell) for cell in page.select("table")[1].iter("td")]
    assert row == ["2026/27", "From 6 April 2026", "£1,042.86"]
    assert "Nothing has been paid yet." in text, "support is not a payment of rent help"


def test_support_that_has_not_started_has_not_reached_the_bill(portal, person):
    claim = ClaimFactory(person=person, type="cts", status="future")
    text = text_of(shown(portal, claim).select("main")[0])
    assert "No support from this claim has reached your bill yet." in text
    assert "Payments so far" not in text


def test_overpayment_shows_what_is_left_and_how_long_it_takes(portal, person):
    claim = OverpaymentFactory(claim__person=person).claim
    found = rows_of(shown(portal, claim))
    assert found["Overpaid"] == "£412.80"
    assert found["Paid back so far"] == "£115.20"
    assert found["Left to pay back"] == "£297.60"
    assert found["How"] == "We take £14.40 a week from your benefit, for about 21 more weeks"
    assert found["The month to disagree ended on"] == "20 April 2026"


def test_overpayment_that_was_decided_lately_says_by_when_to_disagree(portal, person):
    claim = OverpaymentFactory(claim__person=person, decided=date(2026, 11, 3)).claim
    found = rows_of(shown(portal, claim))
    assert found["To disagree, write to us by"] == "3 December 2026"
    assert "With good reasons for being late, by" not in found


def test_overpayment_says_how_to_disagree_and_what_to_do_if_it_is_too_much(portal, person):
    claim = OverpaymentFactory(claim__person=person).claim
    for url in (claim.get_absolute_url(), f"{claim.get_absolute_url()}overpayments/"):
        page = portal.get(url).page
        assert rows_of(page)["With good reasons for being late, by"] == "20 April 2027"
        assert page.select('main a[href="/benefits/disagree/"]')
        assert "ask to pay less each week" in text_of(page.select("main")[0])


def test_overpayment_of_an_ended_claim_stays_visible(portal, person):
    claim = ClaimFactory(person=person, stopped=True)
    OverpaymentFactory(claim=claim, invoiced=True)
    assert rows_of(portal.get("/benefits/").page)["Overpayment left to pay back"] == "£297.60"
    assert rows_of(shown(portal, claim))["How"] == "You pay it by invoice"


def test_overpayment_that_is_paid_back_says_so(portal, person):
    claim = OverpaymentFactory(claim__person=person, recovered=D("412.80")).claim
    assert rows_of(shown(portal, claim))["How"] == "All paid back"


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (date(2026, 11, 3), "so write by 3 December 2026"),
        (date(2026, 10, 3), "you can still ask until 3 November 2027"),
        (date(2025, 10, 3), "good reasons for being late ended on 3 November 2026. If the council"),
    ],
)
def test_two_ways_to_appeal_are_kept_apart(portal, person, decided, words):
    claim = ClaimFactory(person=person, received=date(2025, 1, 6), decided=decided)
    page = shown(portal, claim)
    headings = [text_of(heading) for heading in page.select("h3")]
    assert headings == ["Housing Benefit", "Council Tax Support"]
    text = text_of(page.select("main")[0])
    assert words in text
    assert "Valuation Tribunal" in text.partition("Council Tax Support Write")[2]


@pytest.mark.parametrize(
    ("kind", "shown_heading"), [("hb", "Housing Benefit"), ("cts", "Council Tax Support")]
)
def test_claim_of_one_kind_shows_its_own_way_to_appeal(portal, person, kind, shown_heading):
    page = shown(portal, ClaimFactory(person=person, type=kind))
    assert [text_of(heading) for heading in page.select("h3")] == [shown_heading]


@pytest.mark.parametrize(
    "award",
    [{"kind": "crf"}, {"kind": "dhp", "start": date(2025, 4, 7), "end": date(2026, 4, 5)}],
)
def test_housing_payment_has_no_tribunal(portal, person, award):
    claim = AwardFactory(claim=ClaimFactory(person=person, type="housing"), **award).claim
    page = shown(portal, claim)
    assert [text_of(heading) for heading in page.select("h3")] == ["Housing payment"]
    assert "No tribunal decides about housing payments." in text_of(page.select("main")[0])


def test_undecided_claim_has_nothing_to_appeal(portal, person):
    claim = ClaimFactory(person=person, status="pending", decided=None)
    assert not shown(portal, claim).select("h3")


def test_figures_say_as_at_when(portal, person):
    claim = ClaimFactory(person=person, as_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    words = "Figures as at 22 November 2026 at 11:30pm."
    assert words in text_of(shown(portal, claim).select("main")[0])
    assert words in text_of(portal.get("/benefits/").page.select("main")[0])


def test_resident_with_nothing_linked_learns_how_to_link(portal, resident):
    portal.sign_in(resident)
    page = portal.get("/benefits/").page
    text = text_of(page.select("main")[0])
    assert "not linked to a benefit claim yet" in text
    assert page.select("main a[href='/account/link/']")
    assert "Figures as at" not in text


def test_linked_resident_without_a_claim_is_told_so(portal, person):
    text = text_of(portal.get("/benefits/").page.select("main")[0])
    assert "no Housing Benefit or Council Tax Support claim in your name" in text


def test_resident_cannot_see_someone_elses_claim(portal, person):
    theirs = ClaimFactory()
    assert portal.get(theirs.get_absolute_url()).status_code == 404
    assert not portal.get("/benefits/").page.select(".govuk-tag")


def test_resident_whose_link_was_revoked_sees_nothing(portal):
    link = PersonLinkFactory(revoked_at=datetime(2030, 1, 1, tzinfo=UTC))
    claim = ClaimFactory(person=link.person)
    portal.sign_in(link.resident)
    assert portal.get(claim.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("reference", ["0", "60000000" * 20, "no-such-claim"])
def test_unknown_claim_is_not_found(portal, person, reference):
    assert portal.get(f"/benefits/{reference}/").status_code == 404


def test_nobody_sees_a_claim_without_signing_in(client):
    claim = ClaimFactory()
    for url in ("/benefits/", claim.get_absolute_url()):
        assert client.get(url).status_code == 302


def test_pages_only_show(portal, person):
    claim = ClaimFactory(person=person)
    assert portal.post(claim.get_absolute_url()).status_code == 405
