"""Each demo resident's household really is what its story says, on any day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from stockport.demo.instalments import amounts
from stockport.demo.residents import DEMO_RESIDENTS

D = Decimal
PERSON = {demo.email.partition("@")[0]: demo.person for demo in DEMO_RESIDENTS}


@pytest.fixture
def accounts(extract):
    """The accounts that a demo resident is liable for."""

    def found(name: str):
        mine = {row["account"] for row in extract.of("liabilities", person=PERSON[name])}
        return [row for row in extract.rows["accounts"] if row["reference"] in mine]

    return found


@pytest.fixture
def claim(extract):
    """The claim of a demo resident."""

    def found(name: str):
        [row] = extract.of("claims", person=PERSON[name])
        return row

    return found


@pytest.fixture
def missed(extract, day):
    """Instalments that were due before the day and are not paid in full, oldest first."""

    def found(account):
        rows = extract.of("instalments", account=account["reference"])
        return sorted(
            (
                row
                for row in rows
                if row["due"] < day.isoformat() and D(row["paid"]) < D(row["amount"])
            ),
            key=lambda row: row["due"],
        )

    return found


@pytest.mark.parametrize(
    ("name", "status"), [("waiting", "pending"), ("papers", "defective"), ("starts", "future")]
)
def test_every_state_of_a_claim_has_a_resident(claim, name, status):
    assert claim(name)["status"] == status


def test_ended_claim_has_an_overpayment_to_pay_by_invoice(claim, extract):
    found = claim("ended")
    assert found["ended"]
    [over] = extract.of("overpayments", claim=found["reference"])
    assert (over["method"], D(over["recovered"])) == ("invoice", 0)
    assert over["invoice"]
    assert not extract.of("recoveries", claim=found["reference"])


def test_spare_bedroom_of_a_council_home_takes_14_percent_off(extract):
    lines = extract.by("award_lines", "claim", "kind", "start")
    spare = [row for row in extract.rows["award_lines"] if "spare bedroom" in row["words"]]
    assert len(spare) > 3
    for row in spare:
        rent = lines[row["claim"], row["kind"], row["start"]]
        [whole] = [D(line["amount"]) for line in rent if line["words"] == "Your rent"]
        assert abs(whole * D("0.14") + D(row["amount"])) < D("0.01")


def test_every_resident_has_their_own_address_and_a_story():
    emails = [demo.email for demo in DEMO_RESIDENTS]
    assert len(emails) == len(set(emails))
    assert all(email.endswith("@example.org") for email in emails)
    assert all(demo.story for demo in DEMO_RESIDENTS)


def test_paid_up_resident_owes_nothing(accounts, missed):
    [account] = accounts("paidup")
    assert D(account["balance"]) == 0
    assert not missed(account)


def test_resident_with_a_missed_instalment_missed_just_one(accounts, missed, day):
    [account] = accounts("missed")
    [late] = missed(account)
    assert day - date.fromisoformat(late["due"]) <= timedelta(days=31)
    assert account["stage"] in ("bill", "reminder")


def test_resident_in_credit_paid_more_than_the_bill(accounts, missed, extract):
    [account] = accounts("credit")
    assert D(account["balance"]) < 0
    assert not missed(account)
    assert extract.of("transactions", account=account["reference"], type="refund")


def test_resident_with_a_final_notice_keeps_an_arrangement(accounts, missed):
    [account] = accounts("finalnotice")
    assert (account["stage"], account["arrangement"]) == ("final_notice", "true")
    assert 2 <= len(missed(account)) <= 3
    assert D(account["balance"]) > 0


def test_joint_residents_share_one_account(accounts, extract):
    [first], [second] = accounts("joint1"), accounts("joint2")
    assert first == second
    roles = {row["role"] for row in extract.of("liabilities", account=first["reference"])}
    assert roles == {"lead", "joint"}


def test_moved_resident_has_a_closed_account_and_a_new_one(accounts, missed, extract):
    old, new = sorted(accounts("moved"), key=lambda row: row["opened"])
    assert (old["status"], new["status"]) == ("closed", "open")
    assert date.fromisoformat(new["opened"]) == date.fromisoformat(old["closed"]) + timedelta(1)
    places = {row["reference"]: row for row in extract.rows["properties"]}
    streets = [
        places[one["property"]]["address_line_1"].lstrip("0123456789 ") for one in (old, new)
    ]
    assert streets[0] != streets[1]
    assert D(old["balance"]) == 0
    assert not missed(old) + missed(new)
    [left] = extract.of("transactions", account=old["reference"], type="transfer")
    [arrived] = extract.of("transactions", account=new["reference"], type="transfer")
    assert D(left["amount"]) == -D(arrived["amount"]) > 0


def test_single_resident_has_a_quarter_off(accounts, extract):
    [account] = accounts("single")
    lines = extract.of("charge_lines", account=account["reference"])
    assert {(line["code"], line["percent"]) for line in lines} == {("SPD", "25.00")}


@pytest.fixture
def split(accounts, extract):
    """The account and year of the resident whose discount ended within a year."""
    [account] = accounts("reports")
    [later] = extract.of("charge_periods", account=account["reference"], sequence="2")
    return {"account": account["reference"], "year": later["year"]}


def test_discount_that_ended_in_may_is_only_in_the_days_before(split, extract):
    before, after = extract.of("charge_periods", **split)
    assert (before["end"][5:], after["start"][5:]) == ("05-03", "05-04")
    [line] = extract.of("charge_lines", **split)
    assert (line["sequence"], line["code"], line["percent"]) == ("1", "SPD", "25.00")
    assert after["net"] == after["gross"]


def test_bill_without_the_discount_replaces_the_first_and_asks_for_more(split, extract):
    first, second = extract.of("notices", **split, type="bill")
    old, new = extract.of("documents", **split, type="bill")
    assert (old["superseded_by"], new["superseded_by"]) == (new["reference"], "")
    given, back = extract.of("transactions", **split, type="discount")
    assert (given["posted"], back["posted"]) == (first["issued"], second["issued"])
    assert D(given["amount"]) < 0 < D(back["amount"])
    assert D(second["amount"]) == D(first["amount"]) + D(back["amount"])


def test_what_there_is_more_to_pay_is_spread_over_the_later_instalments(split, extract):
    first_bill = D(extract.of("notices", **split, type="bill")[0]["amount"])
    due = extract.of("instalments", **split)
    april, may, *later = (D(row["amount"]) for row in due)
    old = amounts(first_bill, 12)
    assert [row["due"][5:] for row in due] == [f"{month % 12 + 1:02}-01" for month in range(3, 15)]
    assert [april, may] == old[:2]
    assert min(later) > max(old)


def test_discount_that_ended_is_not_in_the_year_after(split, accounts, extract):
    for period in extract.of("charge_periods", account=split["account"]):
        lines = extract.of("charge_lines", account=split["account"], year=period["year"])
        assert len(lines) == (period["year"] <= split["year"])


def test_supported_resident_has_support_and_housing_benefit(accounts, claim, extract, day):
    [account] = accounts("support")
    found = claim("support")
    assert (found["type"], found["status"]) == ("hb_cts", "current")
    assert found["council_tax_account"] == account["reference"]
    assert extract.of("charge_lines", account=account["reference"], type="support")
    [due] = extract.of("benefit_payments", claim=found["reference"], kind="hb", state="due")
    assert day.isoformat() <= due["paid_on"]


def test_suspended_claim_says_what_to_send_by_when(claim, extract, day):
    found = claim("suspended")
    assert found["status"] == "suspended"
    assert found["needed"] and found["status_reason"]
    assert found["needed_by"] > day.isoformat()
    payments = extract.of("benefit_payments", claim=found["reference"], kind="hb")
    assert {row["state"] for row in payments} == {"paid"}


def test_overpayment_is_taken_from_the_next_payment(claim, extract):
    found = claim("overpayment")
    [over] = extract.of("overpayments", claim=found["reference"])
    [told] = extract.of("decisions", claim=found["reference"], decided=over["decided"])
    assert "too much" in told["reason"]
    payments = extract.of("benefit_payments", claim=found["reference"], kind="hb")
    lower = [row for row in payments if row["period_start"] > over["decided"]]
    before = [row for row in payments if row["period_start"] <= over["decided"]]
    weekly = D(over["weekly_recovery"])
    assert lower[-1]["state"] == "due"
    assert D(over["recovered"]) == weekly * 4 * sum(row["state"] == "paid" for row in lower)
    assert 0 < D(over["recovered"]) < D(over["original"])
    assert D(before[-1]["amount"]) > D(lower[-1]["amount"])


def test_new_resident_is_nobody_in_the_extract():
    assert PERSON["new"] == PERSON["staff"] == ""
