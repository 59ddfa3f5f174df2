"""Every account and claim of the demo adds up: the sums are made again from the files."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from stockport.demo.borough import write_revenues

D = Decimal
PENNY = D("0.01")


def total(rows, column="amount"):
    return sum((D(row[column]) for row in rows), D(0))


def test_extract_of_a_day_is_the_same_byte_by_byte(extract, day, tmp_path):
    again = write_revenues(tmp_path / "again", day)
    for path in extract.folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_transactions_add_up_to_the_balance(extract):
    posted = extract.by("transactions", "account")
    for account in extract.rows["accounts"]:
        assert total(posted[account["reference"],]) == D(account["balance"])


def test_year_totals_add_up(extract):
    periods = extract.by("charge_periods", "account", "year")
    posted = extract.by("transactions", "account", "year")
    for row in extract.rows["year_totals"]:
        key = row["account"], row["year"]
        assert total(periods[key], "net") == D(row["charge"])
        added = sum(
            D(row[name])
            for name in ("charge", "costs", "penalties", "refunds", "transfers", "write_offs")
        )
        assert added - D(row["payments"]) == D(row["outstanding"]) == total(posted[key])


def test_lines_explain_the_difference_from_gross_to_net(extract):
    lines = extract.by("charge_lines", "account", "year", "sequence")
    for period in extract.rows["charge_periods"]:
        own = lines[period["account"], period["year"], period["sequence"]]
        assert D(period["gross"]) + total(own) == D(period["net"])


def test_gross_is_the_elements_of_the_band_for_the_days(extract):
    amounts = extract.by("elements", "year", "band")
    for period in extract.rows["charge_periods"]:
        first = int(period["year"][:4])
        whole_year = (date(first + 1, 4, 1) - date(first, 4, 1)).days
        start, end = (date.fromisoformat(period[name]) for name in ("start", "end"))
        assert (end - start).days + 1 == int(period["days"])
        full = total(amounts[period["year"], period["band_charged"]])
        share = (full * int(period["days"]) / whole_year).quantize(PENNY, ROUND_HALF_UP)
        assert share == D(period["gross"])


def test_instalments_add_up_to_the_charge(extract):
    charges = {(r["account"], r["year"]): D(r["charge"]) for r in extract.rows["year_totals"]}
    instalments = extract.by("instalments", "account", "year")
    for key, charge in charges.items():
        assert total(instalments[key]) == charge
        assert all(0 <= D(row["paid"]) <= D(row["amount"]) for row in instalments[key])


def test_nothing_has_happened_after_the_day_before(extract, day):
    for row in extract.rows["transactions"]:
        assert date.fromisoformat(row["posted"]) < day
    for row in extract.of("benefit_payments", state="paid"):
        assert date.fromisoformat(row["paid_on"]) < day
    for row in extract.rows["accounts"]:
        assert date.fromisoformat(row["stage_date"]) < day


def test_support_on_the_bill_is_what_the_claim_credits(extract):
    claims = {row["reference"]: row["council_tax_account"] for row in extract.rows["claims"]}
    lines = extract.by("charge_lines", "account", "year", "type")
    credited = [row for row in extract.rows["awards"] if row["credited"]]
    assert len(credited) > 50
    for award in credited:
        line = lines[claims[award["claim"]], award["year"], "support"]
        assert -total(line) == D(award["credited"])
    assert len(credited) == len(extract.of("charge_lines", type="support"))


def test_a_week_of_rent_help_is_paid_for_every_week_of_a_payment(extract):
    awards = extract.by("awards", "claim", "kind")
    reduced = {row["claim"] for row in extract.rows["overpayments"]}
    for payment in extract.of("benefit_payments", kind="hb"):
        start, end = (date.fromisoformat(payment[f"period_{name}"]) for name in ("start", "end"))
        weeks = [start + timedelta(days=7 * week) for week in range(((end - start).days + 1) // 7)]
        expected = sum(weekly(awards[payment["claim"], "hb"], monday) for monday in weeks)
        if payment["claim"] not in reduced:
            assert D(payment["amount"]) == expected
        else:
            assert D(payment["amount"]) <= expected


def test_housing_payment_is_made_for_every_week_that_rent_help_is(extract):
    paid = [row for row in extract.rows["benefit_payments"] if row["kind"] in ("crf", "dhp")]
    [claim] = {row["claim"] for row in paid}
    rent = extract.of("benefit_payments", claim=claim, kind="hb")
    assert sum(map(spans, paid)) == sum(map(spans, rent))
    awards = extract.by("awards", "claim", "kind")
    for row in paid:
        award = weekly(awards[claim, row["kind"]], date.fromisoformat(row["period_start"]))
        assert D(row["amount"]) == award * spans(row) / 7


def spans(row):
    """How many days a payment is for."""
    start, end = (date.fromisoformat(row[f"period_{name}"]) for name in ("start", "end"))
    return (end - start).days + 1


def weekly(awards, monday):
    """The award that holds on a Monday, in pounds a week."""
    return next(
        D(award["weekly"])
        for award in awards
        if award["start"] <= monday.isoformat()
        and (not award["end"] or monday.isoformat() <= award["end"])
    )


def test_borough_has_the_mix_of_a_real_one(extract):
    households = 400
    discounted = extract.of("charge_lines", code="SPD", sequence="1")
    assert 0.2 < len(discounted) / 2 / households < 0.36
    assert 0.11 < len(extract.rows["claims"]) / households < 0.2
    assert {row["status"] for row in extract.rows["claims"]} == {
        *("current", "future", "cancelled", "pending", "suspended", "defective")
    }
    assert {row["type"] for row in extract.rows["charge_lines"]} >= {
        *("discount", "exemption", "premium", "support", "discretionary")
    }
    assert {row["band_charged"] for row in extract.rows["charge_periods"]} >= set("ABCDEFG")
    assert extract.of("charge_periods", band_charged="A-", band_listed="A")
    assert {row["stage"] for row in extract.rows["accounts"]} >= {"final_notice", "liability_order"}
    assert {row["hold_reason"] for row in extract.rows["accounts"]} >= {
        "breathing_space",
        "dispute",
    }


def test_everybody_liable_has_a_letter_for_every_notice(extract):
    liable = extract.by("liabilities", "account")
    letters = extract.by("documents", "account")
    for (account,), notices in extract.by("notices", "account").items():
        own = letters[account,]
        assert len(own) == len(notices) * len(liable[account,])
        assert {row["person"] for row in own} == {row["person"] for row in liable[account,]}


def test_everybody_who_claims_has_a_letter_for_every_decision(extract):
    couples = extract.by("claim_members", "claim")
    letters = extract.by("benefit_documents", "claim", "person", "type")
    for (claim,), decisions in extract.by("decisions", "claim").items():
        for member in couples[claim,]:
            own = letters[claim, member["person"], "decision"]
            assert {row["issued"] for row in own} == {row["decided"] for row in decisions}
            assert len({(row["issued"], row["year"]) for row in own}) == len(own)


def test_one_bill_of_a_year_counts_and_asks_for_its_charge(extract):
    charges = {(r["account"], r["year"]): D(r["charge"]) for r in extract.rows["year_totals"]}
    bills = extract.by("documents", "account", "year", "person", "type")
    asked = extract.by("notices", "account", "year", "type")
    for (account, year), charge in charges.items():
        for person in {row["person"] for row in extract.of("liabilities", account=account)}:
            (current,) = [
                row for row in bills[account, year, person, "bill"] if not row["superseded_by"]
            ]
            latest = max(asked[account, year, "bill"], key=lambda row: row["issued"])
            assert (latest["issued"], D(latest["amount"])) == (current["issued"], charge)


def test_stage_of_an_account_has_its_notice(extract):
    sent = extract.by("notices", "account", "type", "issued")
    for row in extract.rows["accounts"]:
        assert sent[row["reference"], row["stage"], row["stage_date"]], row
