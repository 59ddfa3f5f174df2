"""The rows of people and council tax in the revenues extract: one function for each file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from stockport.demo.accounts import Account
from stockport.demo.bills import ZERO, Bill
from stockport.demo.households import Household
from stockport.demo.ledger import YearLedger, numbered
from stockport.demo.letters import letters_of, notices_of
from stockport.demo.reference import elements
from stockport.demo.years import TaxYear

Value = str | int | bool | Decimal | date | None
Row = list[Value]

COLUMNS = {
    "people": "reference,title,forenames,surname,date_of_birth,postcode,address,"
    "online_key,phone_last3,bank_last3,ni_number",
    "properties": "reference,uprn,address_line_1,address_line_2,town,postcode,band",
    "accounts": "reference,property,status,opened,closed,balance,payment_method,payment_day,"
    "bank_last4,bills_by,stage,stage_date,arrangement,hold_reason",
    "liabilities": "account,person,role,start,end",
    "elements": "year,band,element,amount",
    "charge_periods": "account,year,sequence,start,end,days,band_listed,band_charged,gross,net",
    "charge_lines": "account,year,sequence,line,type,code,reason,percent,amount",
    "year_totals": "account,year,charge,payments,refunds,costs,penalties,transfers,write_offs,"
    "outstanding",
    "instalments": "account,year,number,due,amount,paid,direct_debit",
    "transactions": "account,number,year,posted,type,subcode,amount,period_start,period_end,"
    "description",
    "notices": "account,reference,type,issued,year,amount",
    "documents": "account,reference,type,issued,year,person,superseded_by,pages,sha256,size,file",
}


def people(household: Household) -> Iterator[Row]:
    """A household's adults."""
    for one in household.people:
        yield [
            *(one.reference, one.title, one.forenames, one.surname, one.date_of_birth),
            *(household.home.postcode, household.home.address),
            *(one.online_key, one.phone_last3, one.bank_last3, one.ni_number),
        ]


def properties(account: Account) -> Iterator[Row]:
    """The home that an account is for."""
    home = account.home
    yield [
        *(home.reference, home.uprn, home.line_1, home.street.town, "Stockport"),
        *(home.postcode, home.band),
    ]


def accounts(account: Account) -> Iterator[Row]:
    """The account itself."""
    plan = account.household.plan
    direct_debit = plan.method == "direct_debit"
    last4 = f"{account.household.number * 6_151 % 10_000:04}" if direct_debit else ""
    bills_by = "paper" if account.household.number % 3 else "online"
    stage, since = account.stage
    yield [
        *(account.reference, account.home.reference, "closed" if account.closed else "open"),
        *(account.opened, account.closed, account.balance, plan.method, plan.day, last4),
        *(bills_by, stage, since, plan.arrangement, plan.hold),
    ]


def liabilities(account: Account) -> Iterator[Row]:
    """Who has to pay it."""
    for one, role in zip(account.household.people, ("lead", "joint"), strict=False):
        yield [account.reference, one.reference, role, account.opened, account.closed]


def published(year: TaxYear) -> Iterator[Row]:
    """What each authority charges for each band in a year."""
    for band, amounts in elements(year).items():
        for element, amount in amounts.items():
            yield [year.name, band, element, amount]


def _periods(account: Account) -> Iterator[tuple[int, Bill]]:
    """The parts of each year that are charged alike, numbered from 1 in their year."""
    for ledger in account.ledgers:
        yield from enumerate(ledger.bills, start=1)


def charge_periods(account: Account) -> Iterator[Row]:
    """The days of each year that are charged."""
    for sequence, bill in _periods(account):
        yield [
            *(account.reference, bill.year.name, sequence, bill.start, bill.end, bill.days),
            *(bill.band_listed, bill.band_charged, bill.gross, bill.charge),
        ]


def charge_lines(account: Account) -> Iterator[Row]:
    """Why a charge is lower or higher than its band's."""
    for sequence, bill in _periods(account):
        for number, line in enumerate(bill.lines, start=1):
            yield [
                *(account.reference, bill.year.name, sequence, number, line.type, line.code),
                *(line.reason, line.percent, line.amount),
            ]


def year_totals(account: Account) -> Iterator[Row]:
    """What each year comes to."""
    for ledger in account.ledgers:
        yield [
            *(account.reference, ledger.bill.year.name, ledger.charge),
            *(-ledger.total("payment"), ledger.total("refund"), ledger.total("costs"), ZERO),
            *(ledger.total("transfer"), ZERO, ledger.outstanding),
        ]


def instalments(account: Account) -> Iterator[Row]:
    """What is due when."""
    direct_debit = account.household.plan.method == "direct_debit"
    for ledger in account.ledgers:
        yield from _instalments(account, ledger, direct_debit)


def _instalments(account: Account, ledger: YearLedger, direct_debit: bool) -> Iterator[Row]:
    paid = ledger.paid_of_each()
    for number, instalment in enumerate(ledger.instalments, start=1):
        yield [
            *(account.reference, ledger.bill.year.name, number, instalment.due),
            *(instalment.amount, paid[number - 1], direct_debit),
        ]


def transactions(account: Account) -> Iterator[Row]:
    """Everything that has happened."""
    for number, ledger, entry in numbered(account.ledgers):
        start, end = entry.period or (None, None)
        yield [
            *(account.reference, number, ledger.bill.year.name, entry.posted, entry.type),
            *(entry.subcode, entry.amount, start, end, entry.description),
        ]


def notices(account: Account) -> Iterator[Row]:
    """What the council has asked for."""
    for notice in notices_of(account):
        yield [
            *(account.reference, notice.reference, notice.type, notice.issued, notice.year),
            notice.amount,
        ]


def documents(account: Account) -> Iterator[Row]:
    """The letters, one for each person liable."""
    for letter in letters_of(account):
        notice = letter.notice
        yield [
            *(account.reference, letter.reference, notice.type, notice.issued, notice.year),
            *(letter.person.reference, letter.superseded_by, 1, letter.sha256, len(letter.pdf)),
            letter.file,
        ]


OF_ACCOUNT = (
    *(properties, accounts, liabilities, charge_periods, charge_lines, year_totals),
    *(instalments, transactions, notices, documents),
)
