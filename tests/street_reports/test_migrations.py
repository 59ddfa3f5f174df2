"""What was there before a migration is right after it, and the migration can be taken back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from street_reports.acting import act
from street_reports.models import Act, Report
from tests.factories.street_reports import AssetFactory, ReportFactory, UpdateFactory

# What follows it is taken back too, so also 0019, which asks whether a report is fixed. Each way
# takes many seconds: Django draws every model again for each step.
CLOSURES = ("street_reports", "0015_closure_reasons")


def migrate(*targets):
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))


def back_and_forth(migration):
    """Take back all from this migration on, and run them again."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes("street_reports")
    before = [
        p for p in executor.loader.get_migration(*migration).dependencies if p[0] == newest[0][0]
    ]
    try:
        migrate(*before)
    finally:
        migrate(*newest)


def reports_that_had_ended():
    """What each must have as its reason and its owner."""
    tfgm, elsewhere = AssetFactory(owner="tfgm"), AssetFactory(owner="canal-trust")
    withdrawn = ReportFactory()
    act(report=withdrawn, resident=withdrawn.resident, kind=Act.Kind.WITHDRAW)
    return {
        ReportFactory().pk: (None, None),
        withdrawn.pk: ("withdrawn", None),
        ReportFactory(status="fixed", asset=tfgm).pk: ("fixed", None),
        ReportFactory(status="closed").pk: ("no-reason-given", None),
        ReportFactory(status="not_ours").pk: ("owner-unknown", None),
        ReportFactory(status="not_ours", asset=tfgm).pk: ("somebody-elses", "tfgm"),
        ReportFactory(status="not_ours", asset=elsewhere).pk: ("owner-unknown", None),
    }


def reports_that_were_fixed():
    """What was heard of one, and one that was opened again; of a third nobody said when."""
    heard = UpdateFactory(status="fixed", report=ReportFactory(status="fixed"))
    opened = UpdateFactory(status="fixed", report=ReportFactory(status="accepted")).report
    ReportFactory(status="fixed")
    now = timezone.now()
    heard.report.acts.create(kind=Act.Kind.CONFIRM, resident=heard.report.resident, fixed_at=now)
    return heard, opened


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_reports_that_had_ended_have_a_reason_an_owner_and_can_be_answered_for():
    expected, (heard, opened) = reports_that_had_ended(), reports_that_were_fixed()
    back_and_forth(CLOSURES)
    rows = Report.objects.filter(pk__in=expected)
    found = {r.pk: (r.closure_reason_id, r.owner and r.owner.slug) for r in rows}
    assert found == expected
    assert Report.objects.exclude(fixed_at=None).get() == heard.report
    assert Report.objects.get(pk=heard.report_id).fixed_at == heard.received_at
    assert opened.status == "accepted"
    assert [made.kind for made in Act.objects.all()] == [Act.Kind.WITHDRAW]
