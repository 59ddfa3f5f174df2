"""Why a report ended, in words that its reporter reads. Staff edit these."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from street_reports.workflow import ENDED, OWNER_UNKNOWN, Status


class ClosureReasonQuerySet(models.QuerySet["ClosureReason"]):
    """Why reports end."""

    def offered(self) -> ClosureReasonQuerySet:
        """What staff can choose, in the order shown."""
        return self.filter(is_active=True).order_by("position", "pk")

    def meant_by(self, code: str, status: str) -> ClosureReason | None:
        """What a back office’s own code means for this state; None where nobody has said it."""
        if not code:
            return None
        known = self.filter(external_codes__contains=[code], status=status)
        return known.order_by("position", "pk").first()


class ClosureReason(models.Model):
    """One reason for one way to end. The portal gives some of them itself (workflow.py)."""

    slug = models.SlugField(max_length=40, unique=True)
    status = models.CharField(
        "ends a report as", max_length=20, choices=[(end.value, end.label) for end in ENDED]
    )
    name = models.CharField(max_length=100, help_text="In a few words: “Nothing found”.")
    text = models.CharField(max_length=300, help_text="For the resident, in a sentence or two.")
    external_codes = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name="codes of the teams’ systems",
        help_text="With commas between them. A team’s system that closes a report with one of"
        " these means this reason.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField("staff can choose it", default=True)

    objects = ClosureReasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["fixed", "closed", "not_ours"]),
                name="%(app_label)s_closurereason_ends",
                violation_error_message="A reason ends a report: fixed, closed or not ours.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(text=""),
                name="%(app_label)s_closurereason_is_explained",
                violation_error_message="Give the reason in a few words and in a sentence.",
            ),
            models.UniqueConstraint(
                fields=["name"],
                name="%(app_label)s_closurereason_name_unique",
                violation_error_message="There is a reason with this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def names_an_owner(self) -> bool:
        """Whether it is only whole with who looks after the thing."""
        return self.status == Status.NOT_OURS and self.slug != OWNER_UNKNOWN
