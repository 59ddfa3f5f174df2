"""The dwellings that council tax is charged for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from council_tax.models.codes import LISTED_BANDS, Band


class Property(models.Model):
    """A dwelling and the band that the Valuation Office Agency lists it in."""

    source = models.CharField(max_length=40, help_text="The system that holds the record.")
    reference = models.CharField("property reference", max_length=40)
    uprn = models.CharField("UPRN", max_length=12, blank=True)
    address_line_1 = models.CharField(max_length=100)
    address_line_2 = models.CharField(max_length=100, blank=True)
    town = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=8)
    band = models.CharField("band listed", max_length=2, choices=Band)

    class Meta:
        verbose_name_plural = "properties"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"],
                name="%(app_label)s_property_reference_unique",
                violation_error_message="This system already has a property with this reference.",
            ),
            models.CheckConstraint(
                condition=Q(band__in=LISTED_BANDS),
                name="%(app_label)s_property_band_listed",
                violation_error_message="A property is listed in one of the bands A to H.",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """The address on one line."""
        parts = (self.address_line_1, self.address_line_2, self.town, self.postcode)
        return ", ".join(part for part in parts if part)
