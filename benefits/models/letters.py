"""Letters about a claim as files, and that a resident has opened one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Person
from benefits.models.claims import Claim
from stockport.letters.models import Letter, LetterOpening, LetterQuerySet, OpeningQuerySet

if TYPE_CHECKING:
    from accounts.models import Resident


class ClaimDocumentQuerySet(LetterQuerySet["Document"]):
    """Letters as files."""

    def for_resident(self, resident: Resident) -> ClaimDocumentQuerySet:
        """Those addressed to a person that this resident is linked to now, about claims that they
        may see: a partner does not read the claimant's letters, nor the other way round, and once
        they see the claim no longer they read none of it (docs/adr/0021).
        """
        return self.filter(
            person__in=Person.objects.for_resident(resident),
            claim__in=Claim.objects.for_resident(resident),
        )


class Document(Letter):
    """A letter about a claim."""

    class Type(models.TextChoices):
        DECISION = "decision", "Decision letter"
        OVERPAYMENT = "overpayment", "Overpayment letter"
        REQUEST = "request", "Letter asking for information"
        INVOICE = "invoice", "Invoice"
        LETTER = "letter", "Letter"
        OTHER = "other", "Another document"

    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="documents", db_index=False
    )
    type = models.CharField(max_length=20, choices=Type)

    objects = ClaimDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            *Letter.Meta.constraints,
            models.UniqueConstraint(
                fields=["claim", "reference"],
                name="%(app_label)s_document_unique",
                violation_error_message="This claim already has this document.",
            ),
            models.CheckConstraint(
                condition=Q(
                    type__in=[
                        *("decision", "overpayment", "request"),
                        *("invoice", "letter", "other"),
                    ]
                ),
                name="%(app_label)s_document_type_known",
                violation_error_message="A document is of one of the types listed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.issued}"

    def get_absolute_url(self) -> str:
        return reverse("benefits:letter", args=[self.claim.reference, self.pk])


class Opening(LetterOpening):
    """The first time that a resident opened one letter about a claim."""

    claim_reference = models.CharField(max_length=20)

    objects = OpeningQuerySet["Opening"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "claim_reference", "document_reference"],
                name="%(app_label)s_opening_first_only",
                violation_error_message="This resident has opened this letter before.",
            ),
            models.CheckConstraint(
                condition=~Q(claim_reference="") & ~Q(document_reference=""),
                name="%(app_label)s_opening_names_a_letter",
                violation_error_message="An opening says which letter of which claim it was.",
            ),
        ]
