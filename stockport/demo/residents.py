"""The demo residents: who can sign in, and what each of them shows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stockport.demo.people import person_reference
from stockport.demo.plans import ClaimPlan, Pays, Plan, Relief

AVERAGE = Plan()


@dataclass(frozen=True)
class DemoResident:
    """A log-in, its story in a few words, and the household that it is linked to."""

    email: str
    story: str
    household: int | None = None
    joint: bool = False
    plan: Plan = AVERAGE
    staff: bool = False
    # Of staff: what they may do, by the name of a role; a superuser, who may do all, has none.
    role: str = ""

    @property
    def person(self) -> str:
        """The back office's reference of the person this is; empty when nothing is linked."""
        return "" if self.household is None else person_reference(self.household, joint=self.joint)


COUPLE = Plan(joint=True, day=15)
SHARED = Plan(joint=True, pensioner=True, claim=ClaimPlan(tenancy="council", payee="rent_account"))

STAFF = {
    "Customer services": "finds people, links them, books and reports for callers",
    "Revenues": "council tax",
    "Benefits": "claims, and what was sent about them",
    "Appointments desk": "who comes, desks and hours",
    "Highways": "street reports",
    "Auditor": "what staff and systems did",
    "Administrator": "who is staff, what is sent and received",
}

DEMO_RESIDENTS = (
    DemoResident(
        "paidup@example.org", "council tax all paid for the year", 0, plan=Plan(Pays.IN_ADVANCE)
    ),
    DemoResident(
        "missed@example.org",
        "a missed instalment",
        1,
        plan=Plan(Pays.MISSED_ONE, method="card", instalments=12),
    ),
    DemoResident(
        "credit@example.org",
        "in credit: paid in full before a discount",
        2,
        plan=Plan(Pays.TOO_MUCH, method="card", relief=Relief.SINGLE),
    ),
    DemoResident(
        "finalnotice@example.org",
        "a final notice, and an arrangement to pay",
        3,
        plan=Plan(Pays.MISSED_THREE, method="card", instalments=12, arrangement=True),
    ),
    DemoResident("joint1@example.org", "a joint account, first person", 4, plan=COUPLE),
    DemoResident("joint2@example.org", "the same account, second person", 4, True, plan=COUPLE),
    DemoResident(
        "moved@example.org",
        "moved home in the year: two accounts",
        5,
        plan=Plan(moved=(9, 14), day=15),
    ),
    DemoResident(
        "single@example.org",
        "a single person discount",
        6,
        plan=Plan(relief=Relief.SINGLE, day=25, instalments=12),
    ),
    DemoResident(
        "support@example.org",
        "Council Tax Support with Housing Benefit",
        7,
        plan=Plan(
            claim=ClaimPlan(top_up=Decimal("12.50")), relief=Relief.SINGLE, pensioner=True, day=15
        ),
    ),
    DemoResident(
        "suspended@example.org",
        "a benefit claim on hold: what to send, by when",
        8,
        plan=Plan(
            claim=ClaimPlan(status="suspended", weeks=2, rooms="2 bed", support=Decimal("0.85"))
        ),
    ),
    DemoResident(
        "overpayment@example.org",
        "an overpayment being taken from Housing Benefit",
        9,
        plan=Plan(
            claim=ClaimPlan(tenancy="supported", payee="landlord", overpaid=True),
            relief=Relief.SINGLE,
        ),
    ),
    DemoResident(
        "claimant@example.org", "a couple's claim, shared with the partner", 11, plan=SHARED
    ),
    DemoResident("partner@example.org", "the same claim, seen by the partner", 11, True, SHARED),
    DemoResident(
        "waiting@example.org",
        "a benefit claim that is being assessed",
        12,
        plan=Plan(
            claim=ClaimPlan(status="pending", tenancy="council", payee="rent_account"),
            pensioner=True,
        ),
    ),
    DemoResident(
        "papers@example.org",
        "a benefit claim that came without all its papers",
        13,
        plan=Plan(claim=ClaimPlan(status="defective", type="cts"), relief=Relief.SINGLE),
    ),
    DemoResident(
        "starts@example.org",
        "Council Tax Support that starts soon",
        14,
        plan=Plan(claim=ClaimPlan(status="future", type="cts"), relief=Relief.SINGLE),
    ),
    DemoResident(
        "ended@example.org",
        "a benefit claim that has ended, and an overpayment to pay by invoice",
        15,
        plan=Plan(claim=ClaimPlan(status="cancelled", overpaid=True), relief=Relief.SINGLE),
    ),
    DemoResident("new@example.org", "nothing linked yet"),
    DemoResident(
        "reports@example.org",
        "open reports and appointments; a single person discount that ended in May",
        10,
        plan=Plan(instalments=12, day=1, relief=Relief.SINGLE, relief_until=(5, 3)),
    ),
    DemoResident("staff@example.org", "a superuser: may do everything", staff=True),
    *(
        DemoResident(f"{role.lower().replace(' ', '.')}@example.org", story, staff=True, role=role)
        for role, story in STAFF.items()
    ),
)

PLANS = {
    resident.household: resident.plan
    for resident in DEMO_RESIDENTS
    if resident.household is not None
}
