"""What must add up, to the penny, in the council tax files of an extract."""

from stockport.feeds.tables import Check, Shared

CHECKS = (
    Check(
        "transactions.csv adds up to {found}, but the balance is {balance}",
        """SELECT a.reference AS owner, a.balance, coalesce(t.found, 0) AS found
        FROM {accounts} a
        LEFT JOIN (SELECT account, sum(amount) AS found FROM {transactions} GROUP BY account) t
        ON t.account = a.reference
        WHERE a.balance <> coalesce(t.found, 0)""",
    ),
    Check(
        "{year}: year_totals.csv says {charge}, but charge_periods.csv adds up to {found}",
        """SELECT coalesce(y.account, p.account) AS owner, coalesce(y.year, p.year) AS year,
        coalesce(y.charge, 0) AS charge, coalesce(p.found, 0) AS found
        FROM {year_totals} y
        FULL JOIN (
            SELECT account, year, sum(net) AS found FROM {charge_periods} GROUP BY account, year
        ) p ON p.account = y.account AND p.year = y.year
        WHERE coalesce(y.charge, 0) <> coalesce(p.found, 0)""",
    ),
    Check(
        "{year}, period {sequence}: {gross} with charge_lines.csv is {found}, not {net}",
        """SELECT p.account AS owner, p.year, p.sequence, p.gross, p.net,
        p.gross + coalesce(l.total, 0) AS found
        FROM {charge_periods} p
        LEFT JOIN (
            SELECT account, year, sequence, sum(amount) AS total FROM {charge_lines}
            GROUP BY account, year, sequence
        ) l ON l.account = p.account AND l.year = p.year AND l.sequence = p.sequence
        WHERE p.gross + coalesce(l.total, 0) <> p.net""",
    ),
    Check(
        "{year}: instalments.csv adds up to {found}, but the charge is {charge}",
        """SELECT i.account AS owner, i.year, i.found, coalesce(y.charge, 0) AS charge
        FROM (
            SELECT account, year, sum(amount) AS found FROM {instalments} GROUP BY account, year
        ) i
        LEFT JOIN {year_totals} y ON y.account = i.account AND y.year = i.year
        WHERE i.found <> coalesce(y.charge, 0)""",
    ),
    Check(
        "documents.csv: {reference} is replaced by {superseded_by}, which is not there",
        """SELECT d.account AS owner, d.reference, d.superseded_by
        FROM {documents} d
        LEFT JOIN {documents} n ON n.account = d.account AND n.reference = d.superseded_by
        WHERE d.superseded_by <> '' AND n.reference IS NULL""",
    ),
)

# What a bill is lower by in each year that it knows of; the benefits files repeat it.
SUPPORT = Shared(
    "Council Tax Support",
    """SELECT y.account AS owner, y.account AS subject, y.year AS part,
    coalesce(l.found, 0) AS amount
    FROM {year_totals} y
    LEFT JOIN (
        SELECT s.account, s.year, -sum(s.amount) AS found FROM {charge_lines} s
        WHERE s.type = 'support' GROUP BY s.account, s.year
    ) l ON l.account = y.account AND l.year = y.year""",
)
