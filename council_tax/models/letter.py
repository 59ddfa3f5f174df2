"""What the council has sent about an account: its notices, and the letters as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from council_tax.models.account import Account
from council_tax.models.codes import DocumentType, NoticeType
from council_tax.models.fields import known, year_format
from stockport.db import IsSha256

if TYPE_CHECKING:
    from accounts.models import Resident

# Below MEDIA_ROOT: where the council puts the files of letters, under the names in documents.csv.
FOLDER = "letters"


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


class DocumentQuerySet(models.QuerySet["Document"]):
    """Letters as files."""

    def for_resident(self, resident: Resident) -> DocumentQuerySet:
        """Those addressed to a person that this resident is linked to now.

        Not those of the whole account: somebody jointly liable does not see another's letters.
        """
        return self.filter(person__in=Person.objects.for_resident(resident))

    def delivered(self) -> DocumentQuerySet:
        """Those whose file was found, and is the one that the back office named."""
        return self.filter(found_sha256=F("sha256"))

    def undelivered(self) -> DocumentQuerySet:
        """Those whose file is not there yet, or is another one."""
        return self.exclude(found_sha256=F("sha256"))


class Document(models.Model):
    """A letter to one person, kept as a file of the council's (`look_for_documents` finds it).

    The year is the one that it is about: a bill issued in March is about the year that follows.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="documents", db_index=False
    )
    reference = models.CharField("document reference", max_length=60)
    type = models.CharField(max_length=20, choices=DocumentType)
    issued = models.DateField()
    year = models.CharField(max_length=7)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name="addressed to"
    )
    superseded_by = models.CharField(
        max_length=60, blank=True, help_text="The reference of the letter that replaces it."
    )
    pages = models.PositiveSmallIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    file = models.CharField(max_length=200, help_text="Its name in the folder of letters.")
    # The portal's own: no extract brings it, so a file that the back office replaces is looked
    # for again by itself.
    found_sha256 = models.CharField(
        "SHA-256 of the file that was found",
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
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
            models.CheckConstraint(
                condition=year_format(),
                name="%(app_label)s_document_year_format",
                violation_error_message="Write the year as 2026/27.",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("reference")),
                name="%(app_label)s_document_not_by_itself",
                violation_error_message="A document cannot replace itself.",
            ),
            models.CheckConstraint(
                condition=Q(pages__gt=0, size__gt=0),
                name="%(app_label)s_document_not_empty",
                violation_error_message="A document has at least one page and one byte.",
            ),
            models.CheckConstraint(
                condition=Q(IsSha256("sha256")),
                name="%(app_label)s_document_sha256_format",
                violation_error_message="A SHA-256 is 64 digits from 0 to f.",
            ),
            models.CheckConstraint(
                condition=Q(file__regex=r"^[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*$"),
                name="%(app_label)s_document_file_inside",
                violation_error_message=(
                    "A file has letters, digits, hyphens and underscores, with single dots and"
                    " slashes between them: it cannot lead out of the folder of letters."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.issued}"

    @property
    def storage_name(self) -> str:
        """What the storage calls its file."""
        return f"{FOLDER}/{self.file}"

    @property
    def is_delivered(self) -> bool:
        """Whether its file was found, and is the one that the back office named."""
        return self.found_sha256 == self.sha256
