"""What staff often write to who reported a fault. Staff edit these."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from street_reports.models.assets import Kind
from street_reports.models.closures import ClosureReason
from street_reports.models.faults import FaultType
from street_reports.models.reports import Report
from street_reports.placeholders import NAMES, ONLY_KNOWN
from street_reports.workflow import Status

STEPS = [(step.value, step.label) for step in (Status.ACCEPTED, Status.PLANNED)]


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    """What staff often write."""

    def offered(self, report: Report) -> ReplyTemplateQuerySet:
        """What can be written about this report, in the order shown."""
        fits = (Q(kind="") | Q(kind=report.kind)) & (Q(fault=None) | Q(fault=report.fault_id))
        return self.filter(fits, is_active=True).order_by("position", "pk")


class ReplyTemplate(models.Model):
    """A text with placeholders, for every report, one kind of asset or one fault."""

    name = models.CharField(max_length=100, unique=True, help_text="As staff choose it.")
    text = models.TextField(
        max_length=1000,
        help_text="In curly brackets: " + ", ".join(f"{{{n}}} ({w})" for n, w in NAMES.items()),
    )
    kind = models.CharField("only for", max_length=20, choices=Kind, blank=True)
    fault = models.ForeignKey(
        FaultType,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="only for this fault",
    )
    status = models.CharField("the report becomes", max_length=20, choices=STEPS, blank=True)
    reason = models.ForeignKey(
        ClosureReason,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="the report ends because",
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField("staff can choose it", default=True)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & Q(text__regex=ONLY_KNOWN),
                name="%(app_label)s_replytemplate_placeholders_known",
                violation_error_message="Something in curly brackets is not known.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", "street_light", "lit_sign", "lit_bollard", "grid"])
                & (Q(kind="") | Q(fault=None)),
                name="%(app_label)s_replytemplate_kind_or_fault",
                violation_error_message="Choose a kind or a fault, which has its kind.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["", "accepted", "planned"])
                & (Q(status="") | Q(reason=None)),
                name="%(app_label)s_replytemplate_one_step",
                violation_error_message="A report goes on or ends, not both.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def step(self) -> str:
        """What happens to the report with it, as the form of a reply names it."""
        return f"reason:{self.reason_id}" if self.reason_id else self.status
