"""Council Tax Support is on the claim and on the bill: residents never read two amounts."""

import csv
import hashlib
import json
import shutil
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F, Sum

from benefits.models import Award, BenefitPayment
from council_tax.models import ChargeLine
from stockport.feeds import first_load
from stockport.feeds.loader import load
from stockport.feeds.models import Quarantine
from tests.client import PortalClient
from tests.demo.extracts import DAYS, read, writer
from tests.factories.accounts import PersonLinkFactory

pytestmark = pytest.mark.django_db
POUND = Decimal("1.00")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return writer(tmp_path_factory.mktemp("extracts"))(DAYS[0]).folder


@pytest.fixture
def folder(tmp_path, written):
    """A copy of the demo borough's extract, to change."""
    return shutil.copytree(written, tmp_path / "revenues")


def rewrite(folder, file, change):
    """Have every row as `change` gives it; None leaves it out."""
    rows = read(folder / file)
    kept = [row for row in (change(dict(row)) for row in rows) if row]
    path = folder / file
    with path.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(kept)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["files"][file] = {"rows": len(kept), "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def credit_more(folder, claim):
    """The claim says a pound more of support than the bill, in figures that add up."""
    for file, column in (("awards.csv", "credited"), ("benefit_payments.csv", "amount")):
        ours = [row for row in read(folder / file) if is_support(row, claim)]
        add_a_pound(folder, file, column, ours[-1])


def is_support(row, claim):
    return (row["claim"], row["kind"]) == (claim, "cts") and row.get("state") != "due"


def add_a_pound(folder, file, column, chosen):
    more = chosen | {column: str(Decimal(chosen[column]) + POUND)}
    rewrite(folder, file, lambda row: more if row == chosen else row)


def shared_of(folder):
    """A claim that is paid, with the account whose bill it makes smaller."""
    helped = {row["claim"] for row in read(folder / "awards.csv") if row["credited"]}
    return next(
        (row["reference"], row["council_tax_account"])
        for row in read(folder / "claims.csv")
        if row["reference"] in helped and row["status"] == "current" and row["type"] == "hb_cts"
    )


def amounts():
    """The support of each account and year, as claims have it and as bills have it."""
    claims = Award.objects.filter(credited__isnull=False).values_list(
        F("claim__council_tax_account"), "year"
    )
    bills = ChargeLine.objects.filter(type="support").values_list(
        F("period__account__reference"), "period__year"
    )
    given = {(row[0], row[1]): row[2] for row in claims.annotate(found=Sum("credited"))}
    printed = {(row[0], row[1]): -row[2] for row in bills.annotate(found=Sum("amount"))}
    return given, printed


def held():
    return {row.key: " ".join(row.reasons) for row in Quarantine.objects.current()}


def before_a_change_of(claim, account):
    """The borough as it was when claim and bill had ten pounds less support."""
    award = Award.objects.filter(claim__reference=claim, credited__isnull=False).first()
    Award.objects.filter(pk=award.pk).update(credited=F("credited") - 10)
    lines = ChargeLine.objects.filter(type="support", period__account__reference=account)
    lines.filter(period__year=award.year).update(amount=F("amount") + 10)


def test_claim_that_says_more_than_the_bill_waits_with_it(folder):
    load(folder)
    claim, account = shared_of(folder)
    credit_more(folder, claim)
    load(folder)
    assert held().keys() == {claim, account}
    assert "Council Tax Support" in held()[claim]
    given, printed = amounts()
    bill = printed[account, "2026/27"]
    assert f"{bill + POUND} in claims.csv, but {bill} in accounts.csv" in held()[account]
    assert given == printed
    award = Award.objects.get(claim__reference=claim, credited__isnull=False, year="2026/27")
    portal = PortalClient()
    portal.sign_in(PersonLinkFactory.create(person=award.claim.person).resident)
    said = f"£{award.credited:,.2f}"
    assert said in portal.get(f"/benefits/{claim}/").page.text("main")
    assert said in portal.get(f"/council-tax/{account}/bill/").page.text("main")
    for page in (f"/benefits/{claim}/", "/benefits/", "/council-tax/", "/money/"):
        assert "being checked" in portal.get(page).page.text("main"), page


def test_both_leave_quarantine_together_once_they_agree(folder, written):
    load(folder)
    claim, _ = shared_of(folder)
    credit_more(folder, claim)
    load(folder)
    load(written)
    assert not held()


@pytest.mark.parametrize("spoilt", ["award_lines.csv", "charge_lines.csv"])
def test_who_is_held_for_another_reason_keeps_the_other_waiting_if_the_amount_changes(
    folder, spoilt
):
    load(folder)
    claim, account = shared_of(folder)
    before_a_change_of(claim, account)
    owner = {"award_lines.csv": ("claim", claim), "charge_lines.csv": ("account", account)}[spoilt]
    name, key = owner
    rewrite(folder, spoilt, lambda row: row | {"amount": "-0.50"} if row[name] == key else row)
    load(folder)
    assert {claim, account} == held().keys()
    given, printed = amounts()
    assert given == printed


def test_who_is_held_for_another_reason_keeps_nobody_waiting_if_the_amount_stays(folder):
    load(folder)
    claim, _ = shared_of(folder)
    rewrite(
        folder,
        "award_lines.csv",
        lambda row: row | {"amount": "9.99", "part": "award"} if row["claim"] == claim else row,
    )
    load(folder)
    assert held().keys() == {claim}


def test_first_load_takes_neither(folder, monkeypatch):
    monkeypatch.setattr(first_load, "WORTH_IT", 1)
    claim, account = shared_of(folder)
    credit_more(folder, claim)
    load(folder)
    assert held().keys() == {claim, account}
    given, printed = amounts()
    assert given == printed
    assert (account, "2026/27") not in given


def is_of(row, claim):
    return claim in (row.get("claim"), row.get("reference"))


def test_delta_with_the_claim_alone_does_not_change_what_the_bill_says(folder):
    load(folder)
    claim, _ = shared_of(folder)
    credit_more(folder, claim)
    for path in folder.glob("*.csv"):
        if path.name != "people.csv":
            rewrite(folder, path.name, lambda row: row if is_of(row, claim) else None)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    at = datetime.fromisoformat(manifest["extracted_at"])
    later = {"kind": "delta", "since": at.isoformat()}
    later["extracted_at"] = (at + timedelta(days=1)).isoformat()
    (folder / "manifest.json").write_text(json.dumps(manifest | later), encoding="utf-8")
    load(folder)
    assert held().keys() == {claim}
    given, printed = amounts()
    assert given == printed
    assert BenefitPayment.objects.filter(claim__reference=claim).exists()
