"""That a resident has opened a letter: the portal's own, whatever becomes of the extract's rows."""

from __future__ import annotations

from django.db import models

from stockport.letters.models import LetterOpening, OpeningQuerySet


class Opening(LetterOpening):
    """The first time that a resident opened one letter about an account."""

    account_reference = models.CharField(max_length=20)

    objects = OpeningQuerySet["Opening"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "account_reference", "document_reference"],
                name="%(app_label)s_opening_first_only",
                violation_error_message="This resident has opened this letter before.",
            ),
            models.CheckConstraint(
                condition=~models.Q(account_reference="") & ~models.Q(document_reference=""),
                name="%(app_label)s_opening_names_a_letter",
                violation_error_message="An opening says which letter of which account it was.",
            ),
        ]
