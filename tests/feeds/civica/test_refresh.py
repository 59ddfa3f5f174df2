"""One person's figures come from Civica as they come from the nightly extract."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from benefits.models import BenefitPayment, Claim
from council_tax.models import Account, ChargeLine, Instalment, Transaction
from stockport import http
from stockport.demo.residents import DEMO_RESIDENTS
from stockport.feeds.civica.client import Away
from stockport.feeds.civica.reading import WrongAnswer
from stockport.feeds.civica.refresh import is_away, refresh
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun, Quarantine, loaded_up_to
from tests.factories.accounts import PersonLinkFactory

PEOPLE = [demo.person for demo in DEMO_RESIDENTS if demo.person]
DIRECT_DEBIT = next(demo.person for demo in DEMO_RESIDENTS if demo.email == "single@example.org")
SUPPORT = next(demo.person for demo in DEMO_RESIDENTS if demo.email == "support@example.org")
MOVED = next(demo.person for demo in DEMO_RESIDENTS if demo.email == "moved@example.org")
JOINT = next(demo.person for demo in DEMO_RESIDENTS if demo.email == "joint1@example.org")


def accounts_of(person):
    return Account.objects.filter(liabilities__person__reference=person).order_by("reference")


def differences(run):
    return {
        file: {what: count[what] for what in ("added", "changed", "removed")}
        for file, count in run.counts.items()
        if count["added"] + count["changed"] + count["removed"]
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "style",
    [{}, {"inverted": True}, {"padded": True}, {"text_dates": True}],
    ids=["plain", "inverted signs", "padded references", "text dates"],
)
def test_civica_and_the_extract_fill_the_same_tables_with_the_same_figures(civica, style):
    civica.office.style = replace(civica.office.style, **style)
    for person in PEOPLE:
        run = refresh(person)
        assert (run.state, differences(run)) == ("unchanged", {}), person
    assert not Quarantine.objects.exists()


def test_what_proves_who_somebody_is_stays_as_it_was(civica):
    Person.objects.filter(reference=MOVED).update(phone_last3="0" * 64)
    before = Person.objects.filter(reference=MOVED).values().get()
    refresh(MOVED)
    after = Person.objects.filter(reference=MOVED).values().get()
    assert before["online_key"]
    assert before == after


def test_only_the_figures_of_that_person_are_of_now(civica):
    before = loaded_up_to("revenues")
    run = refresh(MOVED)
    assert accounts_of(MOVED).count() == 2
    assert {account.as_at for account in accounts_of(MOVED)} == {run.extracted_at}
    others = Account.objects.exclude(pk__in=accounts_of(MOVED))
    assert {account.as_at for account in others} == {before}
    assert loaded_up_to("revenues") == before


def test_a_payment_made_since_the_extract_shows(civica):
    account = accounts_of(DIRECT_DEBIT).get()
    paid = pay(civica, account, "25.00")
    refresh(DIRECT_DEBIT)
    again = accounts_of(DIRECT_DEBIT).get()
    assert again.balance == account.balance - Decimal("25.00")
    new = again.transactions.get(number=paid["number"])
    assert (new.type, new.subcode, new.amount) == ("payment", "CCARD", Decimal("-25.00"))


def test_two_equal_payments_on_one_day_are_two(civica):
    account = accounts_of(DIRECT_DEBIT).get()
    pay(civica, account, "25.00")
    pay(civica, account, "25.00")
    refresh(DIRECT_DEBIT)
    assert account.transactions.filter(subcode="CCARD").count() == 2


def test_an_unknown_type_of_transaction_shows_as_other(civica):
    account = accounts_of(DIRECT_DEBIT).get()
    pay(civica, account, "25.00")["type"] = "other"
    refresh(DIRECT_DEBIT)
    assert account.transactions.get(subcode="CCARD").type == "other"


def test_a_new_charge_is_explained_by_one_line_until_the_next_extract(civica):
    account = accounts_of(DIRECT_DEBIT).get()
    rows = civica.office.rows
    period = civica.office.of("charge_periods", account=account.reference, year="2026/27")[0]
    period["net"] = str(Decimal(period["net"]) + 10)
    instalment = civica.office.of("instalments", account=account.reference, year="2026/27")[-1]
    instalment["amount"] = str(Decimal(instalment["amount"]) + 10)
    total = civica.office.of("year_totals", account=account.reference, year="2026/27")[0]
    total |= {name: str(Decimal(total[name]) + 10) for name in ("charge", "outstanding")}
    owner = civica.office.of("accounts", reference=account.reference)[0]
    owner["balance"] = str(Decimal(owner["balance"]) + 10)
    rows["transactions"].append(
        civica.office.of("transactions", account=account.reference)[0]
        | {"number": "900", "year": "2026/27", "posted": "2026-11-22", "amount": "10.00"}
    )
    assert refresh(DIRECT_DEBIT).state == "loaded"
    assert not Quarantine.objects.exists()
    assert account.charge_periods.get(year="2026/27").net == Decimal(period["net"])
    assert not ChargeLine.objects.filter(period__account=account, type="discount").filter(
        period__year="2026/27"
    )


def test_figures_that_do_not_add_up_stay_away_from_the_page(civica):
    account = accounts_of(DIRECT_DEBIT).get()
    civica.office.of("accounts", reference=account.reference)[0]["balance"] = "9.99"
    run = refresh(DIRECT_DEBIT)
    assert accounts_of(DIRECT_DEBIT).get().balance == account.balance
    held = Quarantine.objects.get()
    assert (held.key, held.run) == (account.reference, run)
    assert "9.99" in held.reasons[0]


def test_every_claim_in_every_state_is_read(civica):
    claim = Claim.objects.get(person__reference=SUPPORT)
    civica.office.of("claims", reference=claim.reference)[0]["status"] = "suspended"
    refresh(SUPPORT)
    claim.refresh_from_db()
    assert claim.status == "suspended"
    kept = {claim.awards.count(), claim.members.count(), claim.decisions.count()}
    assert 0 not in kept


def test_a_claim_without_payments_is_read_too(civica):
    paid = BenefitPayment.objects.filter(claim__person__reference=SUPPORT).count()
    civica.office.rows["benefit_payments"] = []
    assert refresh(SUPPORT).state == "unchanged"
    assert BenefitPayment.objects.filter(claim__person__reference=SUPPORT).count() == paid


def test_the_payment_that_was_due_becomes_paid(civica):
    due = BenefitPayment.objects.get(claim__person__reference=SUPPORT, kind="hb", state="due")
    row = civica.office.of("benefit_payments", claim=due.claim.reference, state="due")[0]
    row["state"] = "paid"
    assert refresh(SUPPORT).state == "loaded"
    due.refresh_from_db()
    assert due.state == "paid"
    assert not Quarantine.objects.exists()


def test_the_answer_for_another_account_is_never_taken(civica):
    civica.switch("wrong_account", "ctxdet", [])
    with pytest.raises(WrongAnswer, match="another account"):
        refresh(JOINT)
    assert kept(JOINT)
    assert reasons() == ["Civica's ctxdet is about another account."]


@pytest.mark.parametrize("at", ["ctxtrn", "irins"])
def test_a_session_that_slips_to_another_account_brings_no_figures_of_it(civica, at):
    civica.switch("wrong_account", at, [])
    with suppress(ExtractRefused):
        refresh(JOINT)
    assert kept(JOINT)
    assert Quarantine.objects.exists() or FeedRun.objects.filter(state="refused").exists()


def test_a_session_that_slips_where_one_household_is_known_is_noticed_too(civica):
    office = civica.office
    office.rows["accounts"] = office.of("accounts", reference=accounts_of(JOINT).get().reference)
    civica.switch("wrong_account", "ctxdet", [])
    with pytest.raises(WrongAnswer, match="another account"):
        refresh(JOINT)


@pytest.mark.parametrize(
    ("at", "fault", "error", "reason"),
    [
        ("ctxsel", "login_page", WrongAnswer, "not"),
        ("irins", "truncated", WrongAnswer, "is not XML"),
        ("ctxsel", "bomb", WrongAnswer, "is not XML"),
        ("ctxsel", "huge", Away, "too large"),
        ("irins", "error", Away, "answered 500"),
        ("ctxtrn", "hang", Away, "in time"),
    ],
)
def test_old_figures_stay_and_staff_see_why(civica, monkeypatch, fault, error, reason, at):
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    before = Transaction.objects.count(), Instalment.objects.count()
    civica.fault, civica.fault_at = fault, at
    with pytest.raises(error):
        refresh(DIRECT_DEBIT)
    assert kept(DIRECT_DEBIT)
    assert (Transaction.objects.count(), Instalment.objects.count()) == before
    assert reason in reasons()[0]
    assert at in reasons()[0]
    assert is_away() is (error is Away)


def test_civica_that_is_not_there_is_left_alone_and_the_page_says_so(civica, portal, settings):
    settings.CIVICA_URL = "http://127.0.0.1:9/"
    with pytest.raises(Away):
        refresh(DIRECT_DEBIT)
    link = PersonLinkFactory(person=Person.objects.get(reference=DIRECT_DEBIT))
    portal.sign_in(link.resident)
    page = portal.get(accounts_of(DIRECT_DEBIT).get().get_absolute_url())
    words = " ".join(page.content.decode().split())
    assert "We cannot reach the council’s system." in words
    assert "These figures are from 22 November 2026 at 11:30pm." in words


def test_nothing_personal_is_logged_or_kept_as_a_reason(civica, caplog, capsys):
    civica.office.of("people", reference=DIRECT_DEBIT)[0]["surname"] = "Zebedee\x0c"
    with pytest.raises(WrongAnswer):
        refresh(DIRECT_DEBIT)
    said = f"{caplog.text} {capsys.readouterr()} {reasons()}"
    assert "Zebedee" not in said
    assert DIRECT_DEBIT not in said


def test_a_nightly_load_between_asking_and_loading_wins(civica, folder, monkeypatch):
    monkeypatch.setattr("stockport.feeds.civica.refresh.loaded_up_to", lambda source: old)
    old = loaded_up_to("revenues").replace(day=21)
    with pytest.raises(ExtractRefused, match="since"):
        refresh(DIRECT_DEBIT)
    assert kept(DIRECT_DEBIT)


def test_the_nightly_extract_still_loads_afterwards(civica, folder):
    refresh(DIRECT_DEBIT)
    assert load(folder).state == "unchanged"


def test_command_says_what_was_done_and_why_not(civica, capsys, settings):
    call_command("refresh_person", DIRECT_DEBIT)
    assert "nothing was different" in capsys.readouterr().out
    civica.fault = "error"
    with pytest.raises(CommandError, match="Civica's ctxsel answered 500"):
        call_command("refresh_person", DIRECT_DEBIT)
    settings.CIVICA_URL = ""
    with pytest.raises(CommandError, match="Set CIVICA_URL"):
        call_command("refresh_person", DIRECT_DEBIT)


def test_passwords_and_references_are_never_in_an_address(civica, settings):
    settings.CIVICA_PASSWORD = "a secret"
    refresh(DIRECT_DEBIT)
    assert all(path == "/" for path in civica.paths)


def kept(person):
    """Whether the figures are still those of the extract."""
    return {account.as_at for account in accounts_of(person)} == {loaded_up_to("revenues")}


def reasons():
    return FeedRun.objects.get(kind="person", state="failed").reasons


def pay(civica, account, amount):
    """A payment that arrived today; the transaction."""
    reference = account.reference
    number = len(civica.office.of("transactions", account=reference)) + 1
    row = {
        **civica.office.of("transactions", account=reference, type="payment")[-1],
        "number": str(number),
        "posted": "2026-11-23",
        "amount": f"-{amount}",
        "subcode": "CCARD",
    }
    civica.office.rows["transactions"].append(row)
    total = civica.office.of("year_totals", account=reference, year=row["year"])[0]
    total["payments"] = str(Decimal(total["payments"]) + Decimal(amount))
    total["outstanding"] = str(Decimal(total["outstanding"]) - Decimal(amount))
    owner = civica.office.of("accounts", reference=reference)[0]
    owner["balance"] = str(Decimal(owner["balance"]) - Decimal(amount))
    return row
