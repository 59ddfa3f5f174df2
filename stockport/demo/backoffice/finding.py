"""Which reports and which news a query asks for, found by the database."""

from __future__ import annotations

from stockport.demo.backoffice.call import LONGEST_LIST, Call, page_and_size, time_range
from stockport.demo.backoffice.progress import STEPS, WAITS_FOR_A_PART, Step, steps
from stockport.demo.backoffice.store import Case, Store


def reports(store: Store, call: Call, *, pace: float, now: float) -> list[Case]:
    """One page of the reports that the query asks for, oldest first; raises Refused."""
    page, size = page_and_size(call)
    if ids := call.words("service_request_id"):
        found = [case for number in ids if (case := store.case(number))]
        return found[(page - 1) * size : page * size]
    where, values = _condition(call, fixed_before=now - pace * (len(STEPS) - 1))
    return store.cases(where, *values, size=size, skip=(page - 1) * size)


def _condition(call: Call, *, fixed_before: float) -> tuple[str, list[object]]:
    """The query as SQL with its values; reports made before this time are fixed by now."""
    start, end = time_range(call)
    codes, statuses = call.words("service_code"), call.words("status")
    conditions = ["at >= ?", "at < ?"]
    values: list[object] = [start, end + 1, *codes]
    if codes:
        conditions.append(f"service_code IN ({', '.join('?' * len(codes))})")
    if statuses:
        open_or_closed = "iif(at <= ? AND service_code <> ?, 'closed', 'open')"
        conditions.append(f"{open_or_closed} IN ({', '.join('?' * len(statuses))})")
        values += [fixed_before, WAITS_FOR_A_PART, *statuses]
    return f"WHERE {' AND '.join(conditions)}", values


def news(store: Store, call: Call, *, pace: float, now: float) -> list[Step]:
    """What happened to reports in the time that is asked for, oldest first; raises Refused."""
    start, end = time_range(call)
    found = [
        step
        for number in range(len(STEPS))
        for case in store.cases(
            "WHERE at >= ? AND at < ?",
            start - pace * number,
            min(end + 1, now) - pace * number,
            size=LONGEST_LIST,
        )
        for step in steps(case, pace=pace, now=now)[number : number + 1]
    ]
    return sorted(found, key=lambda step: step.at)[:LONGEST_LIST]
