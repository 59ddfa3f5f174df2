"""The control address, for people and tests on the same machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockport.demo.backoffice.call import Call
from stockport.demo.backoffice.faults import REFUSE, SECONDS
from stockport.demo.backoffice.strict import Refused

if TYPE_CHECKING:
    from stockport.demo.backoffice.server import Server

LONGEST = 3600


def read(server: Server, path: str) -> object:
    """What the office holds; raises Refused where there is no such page.

    `ledger` is everything. `summary` is the numbers, and for each of the caller's references how
    many cases it has and when the first was accepted (Unix time).
    """
    store = server.office.store
    if path == "/control/ledger":
        return store.ledger()
    if path == "/control/summary":
        return {**store.summary(), "most_calls_at_once": server.load.most}
    raise Refused(404, "There is no such page.")


def write(server: Server, path: str, call: Call) -> object:
    """Switch a fault or change the latency; raises Refused, or ValueError for what is wrong."""
    if path == "/control/latency":
        server.latency = _seconds(call) or 0
        return server.latency
    if path == "/control/fault":
        return _switch(server, call)
    raise Refused(404, "There is no such page.")


def _switch(server: Server, call: Call) -> str:
    name, seconds = call.get("name"), _seconds(call)
    if name == REFUSE:
        server.faults.switch()
        server.refuse(SECONDS[REFUSE] if seconds is None else seconds)
    else:
        server.faults.switch(
            name,
            times=int(call.get("times")) if call.get("times") else None,
            share=float(call.get("share") or 1),
            everywhere=call.get("everywhere") == "true",
            seconds=seconds,
        )
    return name


def _seconds(call: Call) -> float | None:
    if not call.get("seconds"):
        return None
    seconds = float(call.get("seconds"))
    if not 0 <= seconds <= LONGEST:
        raise ValueError(f"seconds must be from 0 to {LONGEST}.")
    return seconds
