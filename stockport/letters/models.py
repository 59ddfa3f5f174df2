"""What every letter is: a file of the council's that is addressed to one person. No table here."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from stockport.db import IsSha256
from stockport.years import year_format

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Resident

# Below MEDIA_ROOT: where the council puts the files, under the names that the extract gives.
FOLDER = "letters"

AnyLetter = TypeVar("AnyLetter", bound="Letter")
AnyOpening = TypeVar("AnyOpening", bound="LetterOpening")


class LetterQuerySet(models.QuerySet[AnyLetter]):
    """Letters as files."""

    def delivered(self) -> LetterQuerySet[AnyLetter]:
        """Those whose file was found, and is the one that the back office named."""
        return self.filter(found_sha256=F("sha256"))

    def undelivered(self) -> LetterQuerySet[AnyLetter]:
        """Those whose file is not there yet, or is another one."""
        return self.exclude(found_sha256=F("sha256"))


class Letter(models.Model):
    """A letter to one person, kept as a file of the council's (`look_for_documents` finds it).

    The year is the one that it is about: a bill issued in March is about the year that follows.
    """

    reference = models.CharField("document reference", max_length=60)
    issued = models.DateField()
    year = models.CharField(max_length=7)
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="+", verbose_name="addressed to"
    )
    superseded_by = models.CharField(
        max_length=60, blank=True, help_text="The reference of the letter that replaces it."
    )
    pages = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty where the back office does not say."
    )
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

    class Meta:
        abstract = True
        constraints = [
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

    @property
    def storage_name(self) -> str:
        """What the storage calls its file."""
        return f"{FOLDER}/{self.file}"

    @property
    def is_delivered(self) -> bool:
        """Whether its file was found, and is the one that the back office named."""
        return self.found_sha256 == self.sha256


class OpeningQuerySet(models.QuerySet[AnyOpening]):
    """Openings of letters."""

    def for_resident(self, resident: Resident) -> OpeningQuerySet[AnyOpening]:
        """What this resident opened."""
        return self.filter(resident=resident)

    def times(self) -> dict[str, datetime]:
        """When each letter was first opened, by its reference; of one account or claim."""
        return dict(self.values_list("document_reference", "opened_at"))


class LetterOpening(models.Model):
    """The first time that a resident opened one letter: the portal's own, whatever becomes of the
    extract's rows.
    """

    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # Not a foreign key: the next extract may remove the letter, and this stays.
    document_reference = models.CharField(max_length=60)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.document_reference}, {self.opened_at}"
