"""The weekly award and the next payment come from Civica as they are now."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from benefits.models import Award, BenefitPayment, Claim
from stockport.demo.residents import DEMO_RESIDENTS
from stockport.feeds.civica.refresh import refresh
from stockport.feeds.models import Quarantine

SUPPORT = next(demo.person for demo in DEMO_RESIDENTS if demo.email == "support@example.org")
DAY = timedelta(days=1)
ODD = ["inverted", "padded", "text_dates"]


@pytest.fixture
def claim(civica):
    """The claim as the extract has it."""
    return Claim.objects.get(person__reference=SUPPORT)


@pytest.fixture
def due(claim):
    return claim.payments.get(kind="hb", state="due")


def told(civica, file, **values):
    """A row of what Civica says."""
    return civica.office.of(file, **values)[-1]


def test_next_payment_is_that_of_civica_however_it_writes(civica, claim, due):
    civica.switch("", "", ODD)
    row = told(civica, "benefit_payments", claim=claim.reference, state="due", kind="hb")
    row |= {"paid_on": "2026-12-24", "amount": "12.34"}
    assert refresh(SUPPORT).state == "loaded"
    again = claim.payments.get(kind="hb", state="due")
    assert (again.number, again.period) == (due.number, due.period)
    assert (again.paid_on, again.amount) == (date(2026, 12, 24), Decimal("12.34"))


def test_payment_after_the_one_that_was_made_follows_its_days(civica, claim, due):
    row = told(civica, "benefit_payments", claim=claim.reference, state="due", kind="hb")
    row["state"] = "paid"
    after = {"state": "due", "number": "999", "paid_on": "2027-01-04"}
    civica.office.rows["benefit_payments"].append(row | after)
    refresh(SUPPORT)
    again = claim.payments.get(kind="hb", state="due")
    assert (again.number, again.paid_on) == (due.number + 1, date(2027, 1, 4))
    length = due.period_end - due.period_start
    assert again.period == (due.period_end + DAY, due.period_end + DAY + length)
    assert not Quarantine.objects.exists()


@pytest.mark.parametrize(("status", "left"), [("suspended", 0), ("current", 1)])
def test_payment_that_civica_does_not_name_stays_only_while_the_claim_goes_on(
    civica, claim, due, status, left
):
    told(civica, "claims", reference=claim.reference)["status"] = status
    civica.office.rows["benefit_payments"].remove(
        told(civica, "benefit_payments", claim=claim.reference, state="due", kind="hb")
    )
    refresh(SUPPORT)
    assert claim.payments.filter(kind="hb", state="due").count() == left


def test_new_weekly_award_follows_the_one_before_it(civica, claim, due):
    civica.switch("", "", ODD)
    old = claim.awards.filter(kind="hb").latest("start")
    award = told(civica, "awards", claim=claim.reference, kind="hb", start=str(old.start))
    award |= {"start": str(due.period_start), "weekly": "98.76"}
    assert refresh(SUPPORT).state == "loaded"
    new = claim.awards.filter(kind="hb").latest("start")
    assert (new.start, new.end, new.weekly) == (due.period_start, None, Decimal("98.76"))
    old.refresh_from_db()
    assert (old.end, old.lines.exists()) == (due.period_start - DAY, True)
    assert not new.lines.exists()
    assert not Quarantine.objects.exists()


def test_award_that_payments_made_do_not_fit_leaves_the_old_figures_whole(civica, claim):
    award = claim.awards.filter(kind="hb").latest("start")
    before = list(Award.objects.order_by("pk").values()), list(BenefitPayment.objects.values())
    row = told(civica, "awards", claim=claim.reference, kind="hb", start=str(award.start))
    row["weekly"] = "1.00"
    told(civica, "claims", reference=claim.reference)["status"] = "suspended"
    refresh(SUPPORT)
    assert (
        list(Award.objects.order_by("pk").values()),
        list(BenefitPayment.objects.values()),
    ) == before
    assert Claim.objects.get(pk=claim.pk).status == "current"
    assert Quarantine.objects.get().key == claim.reference


def test_support_on_the_claim_waits_until_the_bill_takes_off_the_same(civica, claim):
    award = claim.awards.filter(kind="cts").latest("start")
    row = told(civica, "benefit_payments", claim=claim.reference, kind="cts")
    new = {"number": "999", "paid_on": "2026-11-23", "amount": "10.00"}
    civica.office.rows["benefit_payments"].append(row | new)
    refresh(SUPPORT)
    assert claim.awards.get(pk=award.pk).credited == award.credited
    held = Quarantine.objects.get(key=claim.reference)
    assert f"{award.credited + 10}" in held.reasons[0]
    assert Quarantine.objects.filter(key=claim.council_tax_account).exists()
