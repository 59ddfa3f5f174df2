"""What must be true of how a report ends, whoever ends it.

That a reason is one for its own way to end is a foreign key of two columns (migration 0015); that
nothing is merged into what is merged, or of another kind, is a trigger (0017).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

ENDINGS = (
    models.CheckConstraint(
        condition=Q(status__in=["fixed", "closed", "not_ours"], closure_reason__isnull=False)
        | (~Q(status__in=["fixed", "closed", "not_ours"]) & Q(closure_reason=None)),
        name="%(app_label)s_report_end_has_a_reason",
        violation_error_message="A report that has ended has a reason, and no other has.",
    ),
    models.CheckConstraint(
        condition=(~Q(status="not_ours") & Q(owner=None))
        | Q(status="not_ours", closure_reason="owner-unknown", owner=None)
        | (Q(status="not_ours", owner__isnull=False) & ~Q(closure_reason="owner-unknown")),
        name="%(app_label)s_report_not_ours_has_an_owner",
        violation_error_message="Say whose it is, or that we do not know yet whose it is.",
    ),
    models.CheckConstraint(
        condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
        name="%(app_label)s_report_not_merged_into_itself",
        violation_error_message="A report cannot be merged into itself.",
    ),
    models.CheckConstraint(
        condition=Q(merged_into=None) | Q(status="closed", closure_reason="duplicate"),
        name="%(app_label)s_report_merged_has_ended",
        violation_error_message="What is merged is closed, as reported already.",
    ),
)
