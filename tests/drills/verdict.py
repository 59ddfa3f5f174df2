"""What became of the reports of a scenario: the figures of its row, and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median

from tests.drills.residents import LONGEST
from tests.drills.world import ENDED, World

QUERY = """
SELECT report.public_id::text, report.reference, delivery.state, delivery.reason,
       extract(epoch FROM delivery.fresh_at)
FROM street_reports_report report JOIN outbox_delivery delivery ON delivery.id = report.delivery_id
"""
# More than this is a wait for the fault, not a busy machine; the strict figure is in benchmarks/.
SLOWER_TIMES, SLOWER_SECONDS = 2, 0.5


@dataclass
class Verdict:
    """Numbers of reports; seconds."""

    submitted: int
    delivered: int
    staff: int
    duplicated: int
    lost: int
    stuck: int
    worst_delay: float
    submit: float
    refused: int
    slowest: float
    others_stuck: int
    keys_changed: int


def judge(world: World) -> Verdict:
    """Compare what residents were told with what the back office holds and what staff see."""
    ledger = world.office.ledger()
    accepted = Counter(case["reference"] for case in ledger["cases"])
    first = {case["reference"]: case["at"] for case in reversed(ledger["cases"])}
    told = {sent.report for sent in world.sent}
    reports = {row[0]: row[1:] for row in world.site.database.rows(QUERY)}
    mine = {reports[key][0]: reports[key][1:] for key in told & reports.keys()}
    ends = Counter(_end(accepted[one], *mine[one][:2]) for one in mine)
    delays = [first[one] - float(mine[one][2]) for one in mine if one in first]
    return Verdict(
        submitted=len(world.sent),
        delivered=sum(1 for one in mine if accepted[one]),
        staff=ends["staff"],
        # Also a case that no resident was told about.
        duplicated=sum(count - (one in mine) for one, count in accepted.items()),
        lost=ends["lost"] + len(told - reports.keys()),
        stuck=ends["stuck"],
        worst_delay=max(delays, default=0.0),
        submit=median(sent.seconds for sent in world.sent),
        refused=sum(sent.refused for sent in world.sent),
        slowest=max(sent.slowest for sent in world.sent),
        others_stuck=_emails_waiting(world),
        keys_changed=_keys_changed(ledger["calls"]),
    )


def _end(accepted: int, state: str, reason: str) -> str:
    """How a report ended, from its delivery."""
    if state not in ENDED:
        return "stuck"
    if state != "sent" and reason:
        return "staff"
    return "delivered" if accepted else "lost"


def _emails_waiting(world: World) -> int:
    query = "SELECT count(*) FROM outbox_delivery WHERE kind = 'email' AND state <> 'sent'"
    return int(world.site.database.rows(query)[0][0])


def _keys_changed(calls: list[dict[str, str]]) -> int:
    """Reports that were sent under more than one idempotency key."""
    keys: dict[str, set[str]] = {}
    for call in calls:
        if call["reference"]:
            keys.setdefault(call["reference"], set()).add(call["idempotency_key"])
    return sum(1 for each in keys.values() if len(each) > 1)


def problems(
    verdict: Verdict, *, staff: int, portal_may_refuse: bool, usual: float | None
) -> list[str]:
    """What must not be: `staff` reports were to end with staff, a page usually takes `usual`."""
    found = [
        f"{name}: {number}"
        for name in ("duplicated", "lost", "stuck", "others_stuck", "keys_changed")
        if (number := getattr(verdict, name))
    ]
    if verdict.staff != staff:
        found.append(f"with staff: {verdict.staff}, not {staff}")
    if portal_may_refuse:
        return found
    if verdict.refused:
        found.append(f"answers 5xx: {verdict.refused}")
    if verdict.slowest > LONGEST:
        found.append(f"slowest page: {verdict.slowest:.1f} s")
    if usual is not None and verdict.submit > usual * SLOWER_TIMES + SLOWER_SECONDS:
        found.append("submitting became slower")
    return found
