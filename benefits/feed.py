"""The benefits files of an extract and their control totals.

Periods in order, money not below zero and recovery within the overpayment are constraints of
the models: the loader checks them row by row.
"""

from stockport.feeds.tables import Check, Column, Reference, Table, Type

TO_CLAIM = Reference("claim", to="claims.csv", columns=("claim",))
CLAIM = Column("claim", required=True)
KIND = Column("kind", required=True)

CHECKS = (
    Check(
        "awards.csv credits {credited} of support, but benefit_payments.csv adds up to {found}",
        """SELECT c.reference AS owner, coalesce(a.credited, 0) AS credited,
        coalesce(p.found, 0) AS found
        FROM {claims} c
        LEFT JOIN (
            SELECT claim, sum(credited) AS credited FROM {awards} WHERE kind = 'cts' GROUP BY claim
        ) a ON a.claim = c.reference
        LEFT JOIN (
            SELECT claim, sum(amount) AS found FROM {benefit_payments}
            WHERE kind = 'cts' AND state = 'paid' GROUP BY claim
        ) p ON p.claim = c.reference
        WHERE coalesce(a.credited, 0) <> coalesce(p.found, 0)""",
    ),
    Check(
        "awards.csv has two {kind} awards for {start}",
        """SELECT later.claim AS owner, later.kind, later.start
        FROM {awards} later
        JOIN {awards} earlier ON earlier.claim = later.claim AND earlier.kind = later.kind
        AND earlier.start < later.start
        WHERE earlier."end" IS NULL OR earlier."end" >= later.start""",
    ),
)

CLAIMS = Table(
    file="claims.csv",
    model="benefits.Claim",
    key=("reference",),
    owner="reference",
    columns=(
        Column(
            "reference",
            required=True,
            pattern="^[A-Za-z0-9-]+$",
            pattern_hint="must have letters, digits and hyphens only",
        ),
        Column("person", required=True),
        Column("place_reference"),
        Column("type", required=True),
        Column("status", required=True),
        Column("received", Type.DATE, required=True),
        Column("decided", Type.DATE),
        Column("ended", Type.DATE),
        Column("address", required=True),
        Column("postcode", required=True),
        Column("tenancy"),
        Column("status_reason"),
        Column("needed"),
        Column("needed_by", Type.DATE),
        Column("council_tax_account"),
    ),
    references=(Reference("person", to="people.csv", columns=("person",)),),
    checks=CHECKS,
)

AWARDS = Table(
    file="awards.csv",
    model="benefits.Award",
    key=("claim", "kind", "start"),
    owner="claim",
    columns=(
        CLAIM,
        KIND,
        Column("start", Type.DATE, required=True),
        Column("end", Type.DATE),
        Column("weekly", Type.MONEY, required=True),
        Column("reason"),
        Column("year", pattern=r"^\d{4}/\d{2}$", pattern_hint="must be a year as 2026/27"),
        Column("credited", Type.MONEY),
    ),
    references=(TO_CLAIM,),
)

PAYMENTS = Table(
    file="benefit_payments.csv",
    model="benefits.BenefitPayment",
    key=("claim", "kind", "number"),
    owner="claim",
    columns=(
        CLAIM,
        KIND,
        Column("number", Type.INTEGER, required=True),
        Column("state", required=True),
        Column("paid_on", Type.DATE, required=True),
        Column("amount", Type.MONEY, required=True),
        Column("period_start", Type.DATE, required=True),
        Column("period_end", Type.DATE, required=True),
        Column("payee", required=True),
        Column("destination"),
    ),
    references=(TO_CLAIM,),
)

OVERPAYMENTS = Table(
    file="overpayments.csv",
    model="benefits.Overpayment",
    key=("claim", "reference"),
    owner="claim",
    columns=(
        CLAIM,
        Column("reference", required=True),
        Column("period_start", Type.DATE, required=True),
        Column("period_end", Type.DATE, required=True),
        Column("original", Type.MONEY, required=True),
        Column("recovered", Type.MONEY, required=True),
        Column("weekly_recovery", Type.MONEY, required=True),
        Column("method", required=True),
        Column("decided", Type.DATE, required=True),
    ),
    references=(TO_CLAIM,),
)

TABLES = (CLAIMS, AWARDS, PAYMENTS, OVERPAYMENTS)
