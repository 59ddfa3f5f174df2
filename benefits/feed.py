"""The benefits files of an extract.

Periods in order, money not below zero and recovery within the overpayment are constraints of
the models: the loader checks them row by row.
"""

from benefits.control_totals import CHECKS, SUPPORT
from stockport.feeds.tables import Column, Live, Reference, Table, Type

TO_CLAIM = Reference("claim", to="claims.csv", columns=("claim",))
CLAIM = Column("claim", required=True)
KIND = Column("kind", required=True)
YEAR_HINT = "must be a year as 2026/27"

DATE_STARTED = Column("start", Type.DATE, required=True)

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
    repeats=(SUPPORT,),
    live=Live("status", ("current", "future", "pending", "suspended", "defective")),
)

AWARDS = Table(
    file="awards.csv",
    model="benefits.Award",
    key=("claim", "kind", "start"),
    owner="claim",
    columns=(
        CLAIM,
        KIND,
        DATE_STARTED,
        Column("end", Type.DATE),
        Column("weekly", Type.MONEY, required=True),
        Column("reason"),
        Column("year", pattern=r"^\d{4}/\d{2}$", pattern_hint=YEAR_HINT),
        Column("credited", Type.MONEY),
    ),
    references=(TO_CLAIM,),
    drops_old_rows=True,
)

AWARD_LINES = Table(
    file="award_lines.csv",
    model="benefits.AwardLine",
    key=("claim", "kind", "start", "number"),
    owner="claim",
    columns=(
        CLAIM,
        KIND,
        DATE_STARTED,
        Column("number", Type.INTEGER, required=True),
        Column("part", required=True),
        Column("words", required=True),
        Column("amount", Type.MONEY, required=True),
    ),
    references=(Reference("award", to="awards.csv", columns=("claim", "kind", "start")),),
    drops_old_rows=True,
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
        Column("adjustment", Type.MONEY, required=True),
        Column("adjustment_reason"),
    ),
    references=(TO_CLAIM,),
    drops_old_rows=True,
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
        Column("reason"),
        Column("invoice"),
    ),
    references=(TO_CLAIM,),
    drops_old_rows=True,
)

RECOVERIES = Table(
    file="recoveries.csv",
    model="benefits.Recovery",
    key=("claim", "overpayment", "number"),
    owner="claim",
    columns=(
        CLAIM,
        Column("overpayment", required=True),
        Column("number", Type.INTEGER, required=True),
        Column("taken_on", Type.DATE, required=True),
        Column("amount", Type.MONEY, required=True),
        Column("method", required=True, other="other"),
        Column("payment_kind"),
        Column("payment_number", Type.INTEGER),
    ),
    references=(
        Reference("overpayment", to="overpayments.csv", columns=("claim", "overpayment")),
        Reference("payment", "benefit_payments.csv", ("claim", "payment_kind", "payment_number")),
    ),
    drops_old_rows=True,
)

MEMBERS = Table(
    file="claim_members.csv",
    model="benefits.ClaimMember",
    key=("claim", "number"),
    owner="claim",
    columns=(
        CLAIM,
        Column("number", Type.INTEGER, required=True),
        Column("relation", required=True, other="other"),
        Column("name", required=True),
        Column("person"),
        DATE_STARTED,
        Column("end", Type.DATE),
        Column("may_see", Type.BOOLEAN, required=True),
    ),
    references=(TO_CLAIM, Reference("person", to="people.csv", columns=("person",))),
)

DECISIONS = Table(
    file="decisions.csv",
    model="benefits.Decision",
    key=("claim", "reference"),
    owner="claim",
    columns=(
        CLAIM,
        Column("reference", required=True),
        KIND,
        Column("decided", Type.DATE, required=True),
        DATE_STARTED,
        Column("weekly", Type.MONEY, required=True),
        Column("reason", required=True),
    ),
    references=(TO_CLAIM,),
    drops_old_rows=True,
)

EVIDENCE_REQUESTS = Table(
    file="evidence_requests.csv",
    model="benefits.EvidenceRequest",
    key=("claim", "reference"),
    owner="claim",
    columns=(
        CLAIM,
        Column("reference", required=True),
        Column("item", required=True),
        Column("why"),
        Column("proofs"),
        Column("asked", Type.DATE, required=True),
        Column("due", Type.DATE),
        Column("state", required=True),
        Column("state_reason"),
    ),
    references=(TO_CLAIM,),
    drops_old_rows=True,
)

DOCUMENTS = Table(
    file="benefit_documents.csv",
    model="benefits.Document",
    key=("claim", "reference"),
    owner="claim",
    columns=(
        CLAIM,
        Column("reference", required=True),
        Column("type", required=True, other="other"),
        Column("issued", Type.DATE, required=True),
        Column("year", required=True, pattern=r"^\d{4}/\d{2}$", pattern_hint=YEAR_HINT),
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
    references=(TO_CLAIM, Reference("person", to="people.csv", columns=("person",))),
)

TABLES = (
    CLAIMS,
    MEMBERS,
    AWARDS,
    AWARD_LINES,
    PAYMENTS,
    OVERPAYMENTS,
    RECOVERIES,
    EVIDENCE_REQUESTS,
    DECISIONS,
    DOCUMENTS,
)
