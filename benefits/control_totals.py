"""What must add up, to the penny, in the benefits files of an extract."""

from stockport.feeds.tables import Check, Shared

# A payment's weeks under each award: days by seven, and a calendar month as 52/12 of a week
# (Housing Benefit Regulations 2006, regulation 80), shared by days where the award changes in it.
# A February of four weeks may be either.
PAYMENTS_ADD_UP = Check(
    "benefit_payments.csv, {kind} {number}: the award comes to {expected}, but {amount} paid,"
    " {recovered} taken back and {adjustment} added are not that",
    """WITH due AS (
        SELECT claim, kind, number, amount, adjustment, period_start, period_end,
            period_end - period_start + 1 AS days,
            extract(day FROM period_end + 1) = extract(day FROM period_start)
            AND period_end + 1 = (period_start + interval '1 month')::date AS is_month
        FROM {benefit_payments} WHERE kind <> 'cts' AND state = 'paid'
    ),
    worth AS (
        SELECT d.claim, d.kind, d.number, sum(
            a.weekly / 7.0
            * (least(d.period_end, coalesce(a."end", d.period_end))
                - greatest(d.period_start, a.start) + 1)
        ) AS by_days
        FROM due d
        JOIN {awards} a ON a.claim = d.claim AND a.kind = d.kind
        AND a.start <= d.period_end AND coalesce(a."end", d.period_end) >= d.period_start
        GROUP BY d.claim, d.kind, d.number
    ),
    taken AS (
        SELECT claim, payment_kind AS kind, payment_number AS number, sum(amount) AS recovered
        FROM {recoveries} WHERE payment_number IS NOT NULL
        GROUP BY claim, payment_kind, payment_number
    ),
    compared AS (
        SELECT d.claim AS owner, d.kind, d.number, d.amount, d.adjustment, d.is_month, d.days,
            coalesce(t.recovered, 0) AS recovered,
            round(coalesce(w.by_days, 0), 2) AS expected,
            round(coalesce(w.by_days, 0) * 7 / d.days * 52 / 12, 2) AS by_month,
            d.amount + coalesce(t.recovered, 0) - d.adjustment AS found
        FROM due d
        LEFT JOIN worth w ON w.claim = d.claim AND w.kind = d.kind AND w.number = d.number
        LEFT JOIN taken t ON t.claim = d.claim AND t.kind = d.kind AND t.number = d.number
    )
    SELECT * FROM compared
    WHERE NOT (abs(found - expected) <= 0.01 AND (days % 7 = 0 OR NOT is_month))
        AND NOT (abs(found - by_month) <= 0.01 AND is_month)""",
)

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
    Check(
        "award_lines.csv: the {kind} award from {start} is {weekly}, but its lines are {found}",
        """SELECT a.claim AS owner, a.kind, a.start, a.weekly, l.found
        FROM {awards} a
        JOIN (
            SELECT claim, kind, start, coalesce(sum(amount) FILTER (WHERE part = 'award'), 0)
                AS found
            FROM {award_lines} GROUP BY claim, kind, start
        ) l ON l.claim = a.claim AND l.kind = a.kind AND l.start = a.start
        WHERE l.found <> a.weekly""",
    ),
    PAYMENTS_ADD_UP,
    Check(
        "overpayments.csv, {reference}: {recovered} recovered, but recoveries.csv has {found}",
        """SELECT o.claim AS owner, o.reference, o.recovered, coalesce(r.found, 0) AS found
        FROM {overpayments} o
        LEFT JOIN (
            SELECT claim, overpayment, sum(amount) AS found FROM {recoveries}
            GROUP BY claim, overpayment
        ) r ON r.claim = o.claim AND r.overpayment = o.reference
        WHERE o.recovered <> coalesce(r.found, 0)""",
    ),
    Check(
        "recoveries.csv: {number} of {overpayment} is from a payment, so it is from benefit",
        """SELECT claim AS owner, overpayment, number FROM {recoveries}
        WHERE payment_number IS NOT NULL AND method <> 'from_benefit'""",
    ),
    Check(
        "benefit_documents.csv: {reference} is replaced by {superseded_by}, which is not there",
        """SELECT d.claim AS owner, d.reference, d.superseded_by
        FROM {benefit_documents} d
        LEFT JOIN {benefit_documents} n ON n.claim = d.claim AND n.reference = d.superseded_by
        WHERE d.superseded_by <> '' AND n.reference IS NULL""",
    ),
)

# What claims say that the bill is lower by: the bill's own files state it.
SUPPORT = Shared(
    "Council Tax Support",
    """SELECT c.reference AS owner, c.council_tax_account AS subject, a.year AS part,
    sum(a.credited) AS amount
    FROM {claims} c
    JOIN {awards} a ON a.claim = c.reference
    WHERE c.council_tax_account <> '' AND a.credited IS NOT NULL
    GROUP BY c.reference, c.council_tax_account, a.year""",
)
