"""What the council has sent about an account: its notices, and the letters as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Person
from council_tax.models.account import Account
from council_tax.models.codes import DocumentType, NoticeType
from council_tax.models.fields import known
from stockport.letters.models import Letter, LetterQuerySet
from stockport.years import year_format

if TYPE_CHECKING:
    from accounts.models import Resident


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def for_resident(self, resident: Resident) -> NoticeQuerySet:
        """The notices about this resident's accounts."""
        return self.filter(account__in=Account.objects.for_resident(resident))


class Notice(models.Model):
    """A step that the law knows, from the bill to the liability order (SI 1992/613).

    The year is the one that it is about: a bill issued in March is about the year that follows.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    reference = models.CharField("notice reference", max_length=40)
    type = models.CharField(max_length=20, choices=NoticeType)
    issued = models.DateField()
    year = models.CharField(max_length=7)
    amount = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="Pounds asked for."
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "reference"],
                name="%(app_label)s_notice_unique",
                violation_error_message="This account already has this notice.",
            ),
            models.CheckConstraint(
                condition=known("type", NoticeType),
                name="%(app_label)s_notice_type_known",
                violation_error_message="A notice is of one of the types listed.",
            ),
            models.CheckConstraint(
                condition=year_format(),
                name="%(app_label)s_notice_year_format",
                violation_error_message="Write the year as 2026/27.",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="%(app_label)s_notice_amount_not_negative",
                violation_error_message="A notice cannot ask for less than nothing.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.issued}"


class DocumentQuerySet(LetterQuerySet["Document"]):
    """Letters as files."""

    def for_resident(self, resident: Resident) -> DocumentQuerySet:
        """Those addressed to a person that this resident is linked to now.

        Not those of the whole account: somebody jointly liable does not see another's letters.
        """
        return self.filter(person__in=Person.objects.for_resident(resident))


class Document(Letter):
    """A letter about an account."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="documents", db_index=False
    )
    type = models.CharField(max_length=20, choices=DocumentType)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            *Letter.Meta.constraints,
            models.UniqueConstraint(
                fields=["account", "reference"],
                name="%(app_label)s_document_unique",
                violation_error_message="This account already has this document.",
            ),
            models.CheckConstraint(
                condition=known("type", DocumentType),
                name="%(app_label)s_document_type_known",
                violation_error_message="A document is of one of the types listed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.issued}"

    def get_absolute_url(self) -> str:
        return reverse("council_tax:letter", args=[self.account.reference, self.pk])
