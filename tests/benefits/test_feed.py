"""Claims arrive with the nightly extract; what does not add up is held back."""

import csv
import hashlib
import json
import shutil
from decimal import Decimal

import pytest

from benefits.models import Award, BenefitPayment, Claim, ClaimMember, Overpayment, Recovery
from stockport.feeds.loader import load
from stockport.feeds.models import Quarantine
from tests.demo.extracts import DAYS, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, extract_of):
    """A copy of the demo borough's extract, to spoil."""
    return shutil.copytree(extract_of(DAYS[0]).folder, tmp_path / "revenues")


def spoil(folder, file, claim, which=None, /, **values):
    """Change the first row of a claim in a file that has these values; gives it as it was."""
    path = folder / file
    rows = read(path)
    owner = "reference" if file == "claims.csv" else "claim"
    which = {owner: claim} | (which or {})
    row = next(row for row in rows if which.items() <= row.items())
    before = dict(row)
    row |= values
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][file]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return before


def taken_back():
    """The overpayment of the demo borough that is taken from what is paid."""
    return Overpayment.objects.get(method="from_benefit")


def test_claims_that_do_not_add_up_keep_their_last_good_figures(folder):
    load(folder)
    over = taken_back().claim.reference
    others = Award.objects.exclude(claim__reference=over).filter(kind="hb", end__isnull=False)
    paid = others.filter(claim__payments__kind="hb").order_by("claim__reference").distinct()
    late, twice, much, changed = (award.claim.reference for award in paid[:4])
    spoil(folder, "benefit_payments.csv", late, period_end="2020-01-01")
    spoil(folder, "overpayments.csv", over, recovered="9999.00")
    award = spoil(folder, "awards.csv", twice, end="")
    spoil(folder, "benefit_payments.csv", much, kind="cts", payee="council_tax_account")
    spoil(folder, "claims.csv", changed, status_reason="A new reason")
    load(folder)
    held = {row.key: " ".join(row.reasons) for row in Quarantine.objects.current()}
    assert held.keys() == {late, over, twice, much}
    assert "cannot end before it starts" in held[late]
    assert "Not more can be paid back" in held[over]
    assert "two hb awards" in held[twice]
    assert "adds up to" in held[much]
    assert taken_back().recovered < 9999
    kept = Award.objects.get(claim__reference=twice, kind="hb", start=award["start"])
    assert str(kept.end) == award["end"]
    assert Claim.objects.get(reference=changed).status_reason == "A new reason"


@pytest.fixture
def paid(folder):
    """Claims of the borough that are paid, so that each can be spoilt in another way."""
    load(folder)
    made = BenefitPayment.objects.made().filter(kind="hb")
    return sorted(set(made.values_list("claim__reference", flat=True)))


def held():
    """Who is held back, and why."""
    return {row.key: " ".join(row.reasons) for row in Quarantine.objects.current()}


def test_what_explains_an_award_or_a_payment_adds_up_or_is_held_back(folder, paid):
    over = taken_back().claim.reference
    lines, less, added, odd = [claim for claim in paid if claim != over][:4]
    spoil(folder, "award_lines.csv", lines, part="award")
    spoil(folder, "benefit_payments.csv", less, amount="1.00")
    spoil(folder, "benefit_payments.csv", added, adjustment="5.00", adjustment_reason="Arrears.")
    spoil(folder, "benefit_payments.csv", odd, adjustment="5.00")
    spoil(folder, "recoveries.csv", over, amount="0.01")
    load(folder)
    assert held().keys() == {lines, less, added, odd, over}
    assert "but its lines are" in held()[lines]
    assert "the award comes to" in held()[less] and "5.00 added" in held()[added]
    assert "says why" in held()[odd]
    assert "but recoveries.csv has" in held()[over] and "taken back" in held()[over]


def test_arrears_in_a_payment_are_told_apart_from_its_weeks(folder, paid):
    payment = BenefitPayment.objects.made().filter(claim__reference=paid[0], kind="hb").last()
    spoil(
        folder,
        "benefit_payments.csv",
        paid[0],
        amount=str(payment.amount + 5),
        adjustment="5.00",
        adjustment_reason="Arrears for March.",
    )
    load(folder)
    assert not held()
    payment.refresh_from_db()
    assert (payment.adjustment, payment.adjustment_reason) == (5, "Arrears for March.")


def test_recovery_from_a_payment_is_not_by_invoice(folder, paid):
    over = taken_back().claim.reference
    spoil(folder, "recoveries.csv", over, method="paid")
    load(folder)
    assert "so it is from benefit" in held()[over]


def test_unknown_relation_is_other_and_no_reason_to_refuse(folder, paid):
    spoil(folder, "claim_members.csv", paid[0], relation="lodger")
    load(folder)
    assert ClaimMember.objects.get(claim__reference=paid[0]).relation == "other"


def test_letter_that_cannot_be_is_held_back_with_its_claim(folder, paid):
    replaced, outside = paid[:2]
    spoil(folder, "benefit_documents.csv", replaced, superseded_by="L9")
    spoil(folder, "benefit_documents.csv", outside, file="../../etc/passwd")
    load(folder)
    assert held().keys() == {replaced, outside}
    assert "is replaced by L9, which is not there" in held()[replaced]
    assert "it cannot lead out of the folder of letters" in held()[outside]


def test_recovery_whose_payment_is_new_is_led_to_it(folder):
    load(folder)
    recovery = Recovery.objects.exclude(payment=None).first()
    payment = recovery.payment
    Recovery.objects.filter(payment=payment).update(payment=None)
    payment.delete()

    counts = load(folder).counts
    recovery.refresh_from_db()
    assert recovery.payment.number == payment.number
    assert counts["benefit_payments.csv"]["added"] == 1
    assert counts["recoveries.csv"]["changed"] == 1


def test_recovery_of_no_payment_is_as_it_was(folder):
    load(folder)
    over = taken_back().claim.reference
    nothing = {"payment_kind": "", "payment_number": ""}
    before = spoil(folder, "recoveries.csv", over, method="paid", **nothing)
    payment = BenefitPayment.objects.get(
        claim__reference=over, kind=before["payment_kind"], number=before["payment_number"]
    )
    which = {"kind": payment.kind, "number": str(payment.number)}
    amount = payment.amount + Decimal(before["amount"])
    spoil(folder, "benefit_payments.csv", over, which, amount=str(amount))
    load(folder)
    assert not held()
    assert Recovery.objects.filter(payment=None).count() == 1
    assert load(folder).counts["recoveries.csv"]["changed"] == 0
