"""What was there before a migration is right after it, and the migration can be taken back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from street_reports.acting import act
from street_reports.models import Act, Report
from tests.factories.street_reports import AssetFactory, ReportFactory, UpdateFactory

QUESTION = ("street_reports", "0019_is_it_fixed")
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


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_reports_that_had_ended_are_given_a_reason_and_an_owner():
    tfgm, elsewhere = AssetFactory(owner="tfgm"), AssetFactory(owner="canal-trust")
    withdrawn = ReportFactory()
    act(report=withdrawn, resident=withdrawn.resident, kind=Act.Kind.WITHDRAW)
    expected = {
        ReportFactory().pk: (None, None),
        withdrawn.pk: ("withdrawn", None),
        ReportFactory(status="fixed", asset=tfgm).pk: ("fixed", None),
        ReportFactory(status="closed").pk: ("no-reason-given", None),
        ReportFactory(status="not_ours").pk: ("owner-unknown", None),
        ReportFactory(status="not_ours", asset=tfgm).pk: ("somebody-elses", "tfgm"),
        ReportFactory(status="not_ours", asset=elsewhere).pk: ("owner-unknown", None),
    }
    back_and_forth(CLOSURES)
    rows = Report.objects.values_list("pk", "closure_reason_id", "owner__slug")
    assert {pk: (reason, owner) for pk, reason, owner in rows} == expected


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_reports_that_were_fixed_can_be_answered_for():
    heard = UpdateFactory(status="fixed", report=ReportFactory(status="fixed"))
    opened = UpdateFactory(status="fixed", report=ReportFactory(status="accepted")).report
    ReportFactory(status="fixed")  # nobody said when
    now = timezone.now()
    heard.report.acts.create(kind=Act.Kind.CONFIRM, resident=heard.report.resident, fixed_at=now)
    back_and_forth(QUESTION)
    assert Report.objects.exclude(fixed_at=None).get() == heard.report
    assert Report.objects.get(pk=heard.report_id).fixed_at == heard.received_at
    assert opened.status == "accepted"
    assert not Act.objects.exists()
