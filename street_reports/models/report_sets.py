"""Sets of reports: whose, what is to be done, near what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from street_reports import workflow
from street_reports.models.assets import Kind
from street_reports.models.fixing import FixingQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import Resident
    from street_reports.models.reports import Report
    from street_reports.rules import Point


class ReportQuerySet(FixingQuerySet["Report"]):
    """Reports."""

    def for_resident(self, resident: Resident) -> ReportQuerySet:
        """What this resident reported."""
        return self.filter(resident=resident)

    def followed_by(self, resident: Resident) -> ReportQuerySet:
        """What somebody else reported and this resident follows."""
        return self.filter(followers__resident=resident)

    def seen_by(self, resident: Resident) -> ReportQuerySet:
        """What this resident reported or follows; the union keeps both indexes in use."""
        own, followed = self.for_resident(resident), self.followed_by(resident)
        return self.filter(pk__in=own.values("pk").union(followed.values("pk")))

    def open(self) -> ReportQuerySet:
        """Those that still wait for something to be done."""
        return self.filter(status__in=workflow.OPEN)

    def public(self) -> ReportQuerySet:
        """Those that staff have not made private."""
        return self.filter(is_private=False)

    def late(self, today: date) -> ReportQuerySet:
        """Those that are open after the last day of their target."""
        return self.open().filter(due_on__lt=today)

    def per_team(self, today: date) -> dict[int, tuple[int, int]]:
        """By the key of each team that has open ones: how many, and how many of them are late."""
        teams = self.open().order_by().values("destination")
        # Of the index's own columns, so that the rows are not looked at.
        counted = teams.annotate(
            number=Count("*"), late=Count("due_on", filter=Q(due_on__lt=today))
        )
        rows = counted.values_list("destination", "number", "late")
        return {team: (number, late) for team, number, late in rows}

    def near(self, kind: str, point: Point, metres: int) -> list[tuple[Report, int]]:
        """Those of this kind with a known place within so many metres, nearest first."""
        return self.filter(kind=kind).around(point, metres)

    def around(self, point: Point, metres: int) -> list[tuple[Report, int]]:
        """Those of any kind with a known place within so many metres, nearest first."""
        # A metre more: the distance is rounded, and narrows with the latitude between the two. The
        # kinds are those that there are: the index begins with them.
        around = self.filter(kind__in=Kind.values, **point.square(metres + 1))
        found = [(report, report.metres_from(point)) for report in around]
        return sorted((pair for pair in found if pair[1] <= metres), key=lambda pair: pair[1])

    def in_full(self) -> ReportQuerySet:
        """With what every page and message says about them."""
        return self.select_related(
            *("fault", "asset", "resident", "delivery__destination", "duty_email"),
            *("closure_reason", "owner", "merged_into", "source"),
        )

    def locked(self, pks: Iterable[int]) -> dict[int, Report]:
        """These and what was merged into them, held until the end of the transaction.

        Always in the order of their keys, so that nobody waits for somebody who waits for them;
        and who begins to follow one of them need not wait.
        """
        family = self.filter(Q(pk__in=pks) | Q(merged_into__in=pks)).order_by("pk").in_full()
        return {report.pk: report for report in family.select_for_update(of=("self",), no_key=True)}
