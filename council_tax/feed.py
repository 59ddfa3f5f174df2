"""The council tax files of an extract."""

from council_tax.control_totals import CHECKS, SUPPORT
from stockport.feeds.tables import Column, Live, Reference, Table, Type

YEAR = Column(
    "year", required=True, pattern=r"^\d{4}/\d{2}$", pattern_hint="must be a year as 2026/27"
)
TO_ACCOUNT = Reference("account", to="accounts.csv", columns=("account",))


def money(*names: str) -> tuple[Column, ...]:
    """Columns of pounds that are never empty."""
    return tuple(Column(name, Type.MONEY, required=True) for name in names)


PROPERTIES = Table(
    file="properties.csv",
    model="council_tax.Property",
    key=("reference",),
    columns=(
        Column("reference", required=True),
        Column("uprn", pattern=r"^\d{1,12}$", pattern_hint="must be up to 12 digits"),
        Column("address_line_1", required=True),
        Column("address_line_2"),
        Column("town"),
        Column("postcode", required=True),
        Column("band", required=True),
    ),
)

ACCOUNTS = Table(
    file="accounts.csv",
    model="council_tax.Account",
    key=("reference",),
    owner="reference",
    columns=(
        Column(
            "reference",
            required=True,
            pattern="^[A-Za-z0-9-]+$",
            pattern_hint="must have letters, digits and hyphens only",
        ),
        Column("property", required=True),
        Column("status", required=True),
        Column("opened", Type.DATE, required=True),
        Column("closed", Type.DATE),
        *money("balance"),
        Column("payment_method"),
        Column("payment_day", Type.INTEGER),
        Column("bank_last4"),
        Column("bills_by"),
        Column("stage", required=True, other="other"),
        Column("stage_date", Type.DATE),
        Column("arrangement", Type.BOOLEAN, required=True),
        Column("hold_reason", other="other"),
    ),
    references=(Reference("property", to="properties.csv", columns=("property",)),),
    checks=CHECKS,
    states=(SUPPORT,),
    live=Live("status", ("open",)),
)

LIABILITIES = Table(
    file="liabilities.csv",
    model="council_tax.Liability",
    key=("account", "person", "start"),
    owner="account",
    columns=(
        Column("account", required=True),
        Column("person", required=True),
        Column("role", required=True),
        Column("start", Type.DATE, required=True),
        Column("end", Type.DATE),
    ),
    references=(TO_ACCOUNT, Reference("person", to="people.csv", columns=("person",))),
)

ELEMENTS = Table(
    file="elements.csv",
    model="council_tax.Element",
    key=("year", "band", "element"),
    columns=(
        YEAR,
        Column("band", required=True),
        Column("element", required=True, other="other"),
        *money("amount"),
    ),
)

CHARGE_PERIODS = Table(
    file="charge_periods.csv",
    model="council_tax.ChargePeriod",
    key=("account", "year", "sequence"),
    owner="account",
    columns=(
        Column("account", required=True),
        YEAR,
        Column("sequence", Type.INTEGER, required=True),
        Column("start", Type.DATE, required=True),
        Column("end", Type.DATE, required=True),
        Column("days", Type.INTEGER, required=True),
        Column("band_listed", required=True),
        Column("band_charged", required=True),
        *money("gross", "net"),
    ),
    references=(TO_ACCOUNT,),
)

CHARGE_LINES = Table(
    file="charge_lines.csv",
    model="council_tax.ChargeLine",
    key=("account", "year", "sequence", "line"),
    owner="account",
    columns=(
        Column("account", required=True),
        YEAR,
        Column("sequence", Type.INTEGER, required=True),
        Column("line", Type.INTEGER, required=True),
        Column("type", required=True, other="other"),
        Column("code"),
        Column("reason", required=True),
        Column("percent", Type.DECIMAL),
        *money("amount"),
    ),
    references=(
        Reference("period", to="charge_periods.csv", columns=("account", "year", "sequence")),
    ),
)

YEAR_TOTALS = Table(
    file="year_totals.csv",
    model="council_tax.YearTotal",
    key=("account", "year"),
    owner="account",
    columns=(
        Column("account", required=True),
        YEAR,
        *money(
            "charge",
            "payments",
            "refunds",
            "costs",
            "penalties",
            "transfers",
            "write_offs",
            "outstanding",
        ),
    ),
    references=(TO_ACCOUNT,),
)

INSTALMENTS = Table(
    file="instalments.csv",
    model="council_tax.Instalment",
    key=("account", "year", "number"),
    owner="account",
    columns=(
        Column("account", required=True),
        YEAR,
        Column("number", Type.INTEGER, required=True),
        Column("due", Type.DATE, required=True),
        *money("amount", "paid"),
        Column("direct_debit", Type.BOOLEAN, required=True),
    ),
    references=(TO_ACCOUNT,),
)

TRANSACTIONS = Table(
    file="transactions.csv",
    model="council_tax.Transaction",
    key=("account", "number"),
    owner="account",
    columns=(
        Column("account", required=True),
        Column("number", Type.INTEGER, required=True),
        YEAR,
        Column("posted", Type.DATE, required=True),
        Column("type", required=True, other="other"),
        Column("subcode"),
        *money("amount"),
        Column("period_start", Type.DATE),
        Column("period_end", Type.DATE),
        Column("description"),
    ),
    references=(TO_ACCOUNT,),
    drops_old_rows=True,
)

NOTICES = Table(
    file="notices.csv",
    model="council_tax.Notice",
    key=("account", "reference"),
    owner="account",
    columns=(
        Column("account", required=True),
        Column("reference", required=True),
        Column("type", required=True, other="other"),
        Column("issued", Type.DATE, required=True),
        YEAR,
        Column("amount", Type.MONEY),
    ),
    references=(TO_ACCOUNT,),
)

DOCUMENTS = Table(
    file="documents.csv",
    model="council_tax.Document",
    key=("account", "reference"),
    owner="account",
    columns=(
        Column("account", required=True),
        Column("reference", required=True),
        Column("type", required=True, other="other"),
        Column("issued", Type.DATE, required=True),
        YEAR,
        Column("person", required=True),
        Column("superseded_by"),
        Column("pages", Type.INTEGER),
        Column(
            "sha256",
            required=True,
            pattern="^[0-9a-f]{64}$",
            pattern_hint="must be 64 digits from 0 to f, in small letters",
        ),
        Column("size", Type.INTEGER, required=True),
        Column("file", required=True),
    ),
    references=(TO_ACCOUNT, Reference("person", to="people.csv", columns=("person",))),
)

TABLES = (
    PROPERTIES,
    ACCOUNTS,
    LIABILITIES,
    ELEMENTS,
    CHARGE_PERIODS,
    CHARGE_LINES,
    YEAR_TOTALS,
    INSTALMENTS,
    TRANSACTIONS,
    NOTICES,
    DOCUMENTS,
)
